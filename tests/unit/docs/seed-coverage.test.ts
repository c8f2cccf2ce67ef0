import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const page = new URL('../../../docs/seed-coverage.md', import.meta.url);
const rows = [
  ...readFileSync(page, 'utf8').matchAll(/^\| (\d+)\.(\d+) +\| (.+?) +\| (.+?) +\| (.+?) +\|$/gm),
].map(([, document = '', number = '', named = '', state = '', where = '']) => ({
  document: Number(document),
  number: Number(number),
  named,
  state,
  where,
}));

/** How many things each of the source documents names. */
const named = [37, 38, 40, 30, 36];

describe('the page of what the source documents name', () => {
  it.each([...named.entries()])('has a row for everything in document %i', (document, count) => {
    const numbers = rows.filter((row) => row.document === document).map(({ number }) => number);
    expect(numbers).toEqual(Array.from({ length: count }, (_, index) => index + 1));
  });

  it('says of each whether it is here, and where, or why not', () => {
    const states = new Set(rows.map(({ state }) => state));
    expect([...states].sort()).toEqual(['does not apply', 'here', 'planned']);
    expect(rows.filter(({ where }) => where.length < 5)).toEqual([]);
  });

  it('links to nothing that is not there', () => {
    const links = rows.flatMap(({ where }) =>
      [...where.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link),
    );
    expect(links.length).toBeGreaterThan(80);
    expect(links.filter((link) => !existsSync(new URL(link, page)))).toEqual([]);
  });
});

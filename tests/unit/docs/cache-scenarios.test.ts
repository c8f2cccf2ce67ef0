import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

/** There are so many in the bank the table answers. */
const SCENARIOS = 41;
const root = new URL('../../../', import.meta.url);
const textOf = (path: string): string => readFileSync(new URL(path, root), 'utf8');

interface Row {
  readonly scenario: number;
  readonly behaviour: string;
  readonly shownBy: string;
}

const rows: readonly Row[] = [
  ...textOf('docs/reference/cache-scenarios.md').matchAll(/^\| (\d+) +\| (.+?) +\| (.+?) +\|$/gm),
].map(([, scenario = '', behaviour = '', shownBy = '']) => ({
  scenario: Number(scenario),
  behaviour,
  shownBy,
}));

/** As a whole text, not as a part of another one. */
const holds = (source: string, title: string): boolean =>
  ["'", '"', '`'].some((quote) => source.includes(`${quote}${title}${quote}`));

/** What is wrong with one of the tests a row names; nothing when it is there. */
function wrongWith(reference: string): string | undefined {
  const [, path, title] = /^`([^`]+)` › (.+)$/.exec(reference) ?? [];
  if (path === undefined || title === undefined) return `${reference}: names no test`;
  if (!existsSync(new URL(path, root))) return `${path}: no such file`;
  return holds(textOf(path), title) ? undefined : `${path}: no "${title}"`;
}

describe('the table of cache scenarios', () => {
  it('has a row for every scenario', () => {
    const scenarios = new Set(rows.map(({ scenario }) => scenario));
    expect([...scenarios].toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: SCENARIOS }, (_, index) => index + 1),
    );
  });

  it('names tests that exist, or says why there is none', () => {
    const wrong = rows
      .filter(({ shownBy }) => !/^does not apply: \w.{10}/.test(shownBy))
      .flatMap(({ scenario, shownBy }) =>
        shownBy.split('<br>').flatMap((reference) => {
          const problem = wrongWith(reference);
          return problem === undefined ? [] : [`${scenario}: ${problem}`];
        }),
      );
    expect(wrong).toEqual([]);
  });

  it('would notice a test that was renamed or moved', () => {
    const [first] = rows;
    expect(wrongWith(first?.shownBy ?? '')).toBeUndefined();
    expect(wrongWith(`${first?.shownBy} renamed`)).toContain('no "');
    expect(wrongWith(first?.shownBy.slice(0, -1) ?? '')).toContain('no "');
    expect(wrongWith('`tests/nowhere.test.ts` › something')).toContain('no such file');
    expect(wrongWith('something')).toContain('names no test');
  });
});

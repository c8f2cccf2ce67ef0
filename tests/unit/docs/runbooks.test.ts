import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commands } from '../../../src/cli/commands.ts';

const docs = new URL('../../../docs/', import.meta.url);
const folder = new URL('runbooks/', docs);
const rules = new URL('observability/prometheus-rules.yml', docs);
const textOf = (url: URL): string => readFileSync(url, 'utf8');

const pages = readdirSync(folder);
/** For when nothing is wrong. */
const OTHER = 'optimise.md';

const alerts = [
  ...textOf(rules).matchAll(/^ +- alert: (\w+)\n(?:(?! +- alert)[^\n]*\n)*? +runbook_url: (\S+)$/gm),
].map(([, alert = '', path = '']) => ({ alert, path }));

/** As hosts of documents make them of a heading. */
const anchorsOf = (text: string): readonly string[] =>
  [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );

/** Links of a page that lead nowhere. */
function brokenLinks(page: string): readonly string[] {
  const links = [...textOf(new URL(page, folder)).matchAll(/\]\(([^)]+)\)/g)].map(([, link = '']) => link);
  return links.filter((link) => {
    const [path = '', anchor] = link.split('#');
    const url = new URL(path, new URL(page, folder));
    return !existsSync(url) || (anchor !== undefined && !anchorsOf(textOf(url)).includes(anchor));
  });
}

describe('the alerts', () => {
  it('all name a runbook', () => {
    const all = [...textOf(rules).matchAll(/- alert: (\w+)/g)].map(([, alert]) => alert);
    expect(all.length).toBeGreaterThan(5);
    expect(alerts.map(({ alert }) => alert)).toEqual(all);
  });

  it.each(alerts)('$alert is named by the runbook it leads to', ({ alert, path }) => {
    expect(textOf(new URL(path, rules))).toContain(`\`${alert}\``);
  });
});

describe('the runbooks', () => {
  it('name no alert that is not there', () => {
    const named = pages.flatMap((page) => textOf(new URL(page, folder)).match(/Slotwise[A-Z]\w+/g) ?? []);
    expect([...new Set(named)].toSorted()).toEqual(alerts.map(({ alert }) => alert).toSorted());
  });

  it.each(pages)('%s is in the table of contents, and its links lead somewhere', (page) => {
    expect(textOf(new URL('README.md', docs))).toContain(`(runbooks/${page})`);
    expect(brokenLinks(page)).toEqual([]);
  });

  it.each(pages)('%s names no command that is not there', (page) => {
    const named = [...textOf(new URL(page, folder)).matchAll(/(?:npx |`)slotwise ([a-z][a-z -]*)/g)];
    const unknown = named.filter(
      ([, words = '']) => !commands.some(({ name }) => `${words} `.startsWith(`${name} `)),
    );
    expect(unknown.map(([text]) => text)).toEqual([]);
  });

  it.each(pages.filter((page) => page !== OTHER))('%s goes from the symptom to the end', (page) => {
    const headings = [...textOf(new URL(page, folder)).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    const shape = ['Symptom', 'Look at', 'Causes and remedies', 'It is over when'];
    expect(headings.filter((heading) => shape.includes(heading ?? ''))).toEqual(shape);
  });
});

import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { errorTypes, type DescribedError } from '../../../src/application/errors.ts';
import { httpStatusOf } from '../../../src/index.ts';

/** Which errors know whether to try again: `true`, or it depends. A type that is missing here does not compile. */
const retryable: Readonly<Record<Extract<DescribedError, { readonly retryable: boolean }>['type'], string>> =
  { Timeout: 'yes', CacheUnavailable: 'yes', Database: 'as `retryable` says' };

const page = readFileSync(new URL('../../../docs/reference/errors.md', import.meta.url), 'utf8');

/** What the page says of each error, by type and by the name of the line. */
const entries: readonly (readonly [string, ReadonlyMap<string, string>])[] = page
  .split(/^### /m)
  .slice(1)
  .map((section) => [
    section.slice(0, section.indexOf('\n')),
    new Map(
      [...section.matchAll(/^- (\w+): (.+(?:\n {2}.+)*)$/gm)].map(([, name = '', text = '']) => [name, text]),
    ),
  ]);

describe('the page of errors', () => {
  it('has every error of the SDK once, and none that is not there', () => {
    expect(entries.map(([type]) => type).toSorted()).toEqual(errorTypes.toSorted());
  });

  it.each(entries)('says everything about %s', (type, lines) => {
    expect([...lines.keys()]).toEqual(['fields', 'cause', 'remedy', 'retryable', 'HTTP']);
    expect(lines.get('cause')).toMatch(/\S.{10,}/);
    expect(lines.get('remedy')).toMatch(/\S.{3,}/);
    expect(lines.get('fields')).toMatch(/^`\w+`(,( or)? `\w+`)*$/);
    expect(lines.get('retryable')).toBe((retryable as Readonly<Record<string, string>>)[type] ?? 'no');
    expect(lines.get('HTTP')).toBe(String(httpStatusOf({ type } as DescribedError)));
  });
});

describe('the HTTP status', () => {
  it.each([{ type: 'MyOwn' }, { type: 'toString' }, {}, null, undefined, 'Timeout'])(
    'of what is no error of the SDK is 500: %j',
    (error) => {
      expect(httpStatusOf(error as never)).toBe(500);
    },
  );
});

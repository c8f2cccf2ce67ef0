import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findDroppedResults } from '../../scripts/check-dropped-results.ts';

const fixture = join(import.meta.dirname, 'fixtures/dropped-results');

describe('the check for dropped Results', () => {
  const report = findDroppedResults(join(fixture, 'tsconfig.json'));
  const linesIn = (name: string): number[] =>
    report.dropped.filter(({ file }) => file.endsWith(name)).map(({ line }) => line);

  it('finds every planted drop and nothing else', () => {
    const planted = readFileSync(join(fixture, 'planted.ts'), 'utf8')
      .split('\n')
      .flatMap((text, index) => (text.includes('// planted:') ? [index + 1] : []));

    expect(planted).toHaveLength(10);
    expect(linesIn('planted.ts')).toEqual(planted);
  });

  it('leaves Results alone that are kept, read or dropped for a stated reason', () => {
    expect(linesIn('kept.ts')).toEqual([]);
  });

  it('says how much it looked at', () => {
    expect(report.files).toBe(2);
    expect(report.statements).toBeGreaterThan(10);
    expect(report.sawNeverthrow).toBe(true);
  });
});

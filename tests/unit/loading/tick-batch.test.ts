import { describe, expect, it } from 'vitest';
import { TickBatch } from '../../../src/infrastructure/loading/tick-batch.ts';
import { turn } from '../cache/support.ts';

function recorded() {
  const asked: string[][] = [];
  const batch = new TickBatch<string, string>((items) => {
    asked.push([...items]);
    return Promise.resolve(items.map((item) => item.toUpperCase()));
  }, 'missing');
  return { asked, batch };
}

describe('gathering what is asked in one turn', () => {
  it('asks once, and gives everybody their own answer', async () => {
    const { asked, batch } = recorded();
    const answers = await Promise.all([batch.add('1', 'a'), batch.add('2', 'b'), batch.add('3', 'c')]);
    expect(answers).toEqual(['A', 'B', 'C']);
    expect(asked).toEqual([['a', 'b', 'c']]);
  });

  it('gathers callers that come from promises of the same turn', async () => {
    const { asked, batch } = recorded();
    const later = Promise.resolve().then(() => batch.add('2', 'b'));
    await Promise.all([batch.add('1', 'a'), later]);
    expect(asked).toEqual([['a', 'b']]);
  });

  it('asks for a key once, however many want it', async () => {
    const { asked, batch } = recorded();
    await Promise.all(Array.from({ length: 100 }, () => batch.add('1', 'a')));
    expect(asked).toEqual([['a']]);
  });

  it('does not let anybody join what was sent', async () => {
    const { asked, batch } = recorded();
    const first = batch.add('1', 'a');
    await turn();
    await Promise.all([first, batch.add('1', 'a')]);
    expect(asked).toEqual([['a'], ['a']]);
  });

  it('has an answer for what nobody answered', async () => {
    const batch = new TickBatch<string, string>(() => Promise.resolve([]), 'missing');
    expect(await batch.add('1', 'a')).toBe('missing');
  });
});

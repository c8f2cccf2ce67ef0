import { describe, expect, it } from 'vitest';
import { LocalEntries, type WatchedTicket } from '../../../src/infrastructure/cache/local-entries.ts';
import { entry } from './support.ts';

const a = entry('a', ['a'], 1000, { graceMs: 500 });
const ticketAt = (...versions: readonly number[]): WatchedTicket => ({
  stamp: versions.join(','),
  watched: versions.map((version) => ({ version })),
  versions,
});
const found = (value: unknown) => ({ value, storedAt: 0, expiresAt: 1000, loadMs: 7 });

function move(ticket: WatchedTicket, version: number, index = 0): void {
  const watched = ticket.watched[index];
  if (watched !== undefined) watched.version = version;
}

describe('values in memory', () => {
  it('are answered as the very object that was kept', () => {
    const entries = new LocalEntries(10);
    const value = Object.freeze({ name: 'Ada' });
    entries.keep(a, ticketAt(1, 2), found(value));
    const kept = entries.current(a);
    expect(kept?.found.value).toBe(value);
    expect(kept).toMatchObject({
      kind: 'hit',
      found: { source: 'l1', expiresAt: 1000, loadMs: 7 },
      graceUntil: 1500,
    });
  });

  it('are not answered once any of their versions has moved', () => {
    const entries = new LocalEntries(10);
    const ticket = ticketAt(1, 2);
    entries.keep(a, ticket, found('old'));
    move(ticket, 3, 1);
    expect(entries.current(a)).toBeUndefined();
  });

  it('are not even kept when a version moved before they came', () => {
    const entries = new LocalEntries(10);
    const ticket = ticketAt(1);
    move(ticket, 2);
    entries.keep(a, ticket, found('old'));
    expect(entries.size).toBe(0);
  });

  it('do not take the place of others that are current', () => {
    const entries = new LocalEntries(10);
    const late = ticketAt(1);
    entries.keep(a, ticketAt(2), found('new'));
    move(late, 2);
    entries.keep(a, late, found('old'));
    expect(entries.current(a)?.found.value).toBe('new');
  });

  it('make room for others, those that were read last of all', () => {
    const entries = new LocalEntries(2);
    const [b, c] = [entry('b'), entry('c')];
    for (const one of [a, b]) entries.keep(one, ticketAt(1), found(one.key));
    expect(entries.current(a)?.found.value).toBe('a');
    entries.keep(c, ticketAt(1), found('c'));
    expect(entries.size).toBe(2);
    expect(entries.current(b)).toBeUndefined();
    expect(entries.current(a)?.found.value).toBe('a');
    expect(entries.current(c)?.found.value).toBe('c');
  });

  it('never grow beyond their limit, read or not', () => {
    const entries = new LocalEntries(3);
    for (let index = 0; index < 100; index += 1) {
      const one = entry(`key ${index}`);
      entries.keep(one, ticketAt(1), found(index));
      expect(entries.current(one)?.found.value).toBe(index);
      expect(entries.size).toBeLessThanOrEqual(3);
    }
  });

  it('are found by whoever asks for the same key', () => {
    const entries = new LocalEntries(10);
    entries.keep(a, ticketAt(1), found('value'));
    expect(entries.current(entry('a'))?.found.value).toBe('value');
  });

  it('are not found in another memory that is asked with the same entry', () => {
    const [entries, others] = [new LocalEntries(10), new LocalEntries(10)];
    entries.keep(a, ticketAt(1), found('here'));
    expect(others.current(a)).toBeUndefined();
    others.keep(a, ticketAt(1), found('there'));
    expect(entries.current(a)?.found.value).toBe('here');
  });

  it.each([
    ['made room', (entries: LocalEntries) => entries.keep(entry('b'), ticketAt(1), found('b'))],
    ['were replaced', (entries: LocalEntries) => entries.keep(entry('a'), ticketAt(1), found('new'))],
    ['were cleared', (entries: LocalEntries) => entries.clear()],
  ])('are let go of by the entry once they %s', (_reason, drop) => {
    const entries = new LocalEntries(1);
    const one = entry('a');
    entries.keep(one, ticketAt(1), found('old'));
    expect(one.kept?.found.value).toBe('old');
    drop(entries);
    expect(one.kept).toBeUndefined();
  });

  it('are ready to be answered until they may be loaded anew', () => {
    const entries = new LocalEntries(10);
    const hot = entry('hot', ['hot'], 1000, { refreshEarly: true });
    for (const one of [a, hot]) entries.keep(one, ticketAt(1), found('value'));
    expect(entries.current(a)?.readyUntil).toBe(1000);
    expect(entries.current(hot)?.readyUntil).toBe(1000 - 28 * 7);
    entries.keep(a, ticketAt(1), found(null));
    expect(entries.current(a)?.readyUntil).toBe(0);
  });
});

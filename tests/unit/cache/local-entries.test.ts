import { describe, expect, it } from 'vitest';
import { LocalEntries, type WatchedTicket } from '../../../src/infrastructure/cache/local-entries.ts';

const policy = { name: 'test', ttlMs: 1000, graceMs: 500 };
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
    entries.keep('a', policy, ticketAt(1, 2), found(value));
    const kept = entries.current('a');
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
    entries.keep('a', policy, ticket, found('old'));
    move(ticket, 3, 1);
    expect(entries.current('a')).toBeUndefined();
  });

  it('are not even kept when a version moved before they came', () => {
    const entries = new LocalEntries(10);
    const ticket = ticketAt(1);
    move(ticket, 2);
    entries.keep('a', policy, ticket, found('old'));
    expect(entries.size).toBe(0);
  });

  it('do not take the place of others that are current', () => {
    const entries = new LocalEntries(10);
    const late = ticketAt(1);
    entries.keep('a', policy, ticketAt(2), found('new'));
    move(late, 2);
    entries.keep('a', policy, late, found('old'));
    expect(entries.current('a')?.found.value).toBe('new');
  });

  it('make room for others, those that were read last of all', () => {
    const entries = new LocalEntries(2);
    for (const key of ['a', 'b']) entries.keep(key, policy, ticketAt(1), found(key));
    expect(entries.current('a')?.found.value).toBe('a');
    entries.keep('c', policy, ticketAt(1), found('c'));
    expect(entries.size).toBe(2);
    expect(entries.current('b')).toBeUndefined();
    expect(entries.current('a')?.found.value).toBe('a');
    expect(entries.current('c')?.found.value).toBe('c');
  });

  it('never grow beyond their limit, read or not', () => {
    const entries = new LocalEntries(3);
    for (let index = 0; index < 100; index += 1) {
      entries.keep(`key ${index}`, policy, ticketAt(1), found(index));
      expect(entries.current(`key ${index}`)?.found.value).toBe(index);
      expect(entries.size).toBeLessThanOrEqual(3);
    }
  });
});

import { ok } from 'neverthrow';
import { describe, expect, it, vi } from 'vitest';
import type { Logger } from '../../../src/application/ports/logger.ts';
import { createInMemorySlotwise, seedBoard, seedCity, settableClock } from '../../../src/testing/index.ts';

const newCity = { name: 'Berlin', timeZone: 'Europe/Berlin' };
const MINUTE = 60_000;

describe('an in-memory SDK', () => {
  it('takes every time from its clock', async () => {
    const clock = settableClock('2030-03-04T08:00:00Z');
    const sdk = createInMemorySlotwise({ clock });
    const { slot, candidates, city } = (await seedBoard(sdk, { candidates: 2 }))._unsafeUnwrap();
    const [first, second] = candidates.map(({ id }) => id);
    expect(slot.startsAt.toJSON()).toBe('2030-03-05T08:00:00.000Z');

    const held = (await sdk.booking.hold({ slotId: slot.id, candidateId: first ?? 0 }))._unsafeUnwrap();
    expect(held.expiresAt?.toJSON()).toBe('2030-03-04T08:05:00.000Z');
    clock.advance(5 * MINUTE - 1);
    const early = await sdk.booking.hold({ slotId: slot.id, candidateId: second ?? 0 });
    expect(early._unsafeUnwrapErr().type).toBe('SlotTaken');
    clock.advance(1);
    expect((await sdk.read.slots.getFreeForCity(city.id))._unsafeUnwrap()).toHaveLength(1);
    const late = await sdk.booking.hold({ slotId: slot.id, candidateId: second ?? 0 });
    expect(late._unsafeUnwrap().createdAt.toJSON()).toBe('2030-03-04T08:05:00.000Z');

    clock.set(slot.startsAt);
    expect((await sdk.read.slots.getFreeForCity(city.id))._unsafeUnwrap()).toEqual([]);
    const tooLate = await sdk.booking.hold({ slotId: slot.id, candidateId: first ?? 0 });
    expect(tooLate._unsafeUnwrapErr().type).toBe('SlotInPast');
  });

  it('shares nothing with another one', async () => {
    const [one, other] = [createInMemorySlotwise(), createInMemorySlotwise()];
    const city = (await seedCity(one))._unsafeUnwrap();
    expect((await other.read.cities.find(city.id))._unsafeUnwrap()).toBeUndefined();
  });

  it('lets a second writer wait for the first, and answers Timeout to one inside the other', async () => {
    const sdk = createInMemorySlotwise({ lockTimeoutMs: 20 });
    const outcome = await sdk.transaction((outer) =>
      outer.cities
        .add(newCity)
        .andThen(() => sdk.transaction((inner) => inner.cities.add({ ...newCity, name: 'Bonn' }))),
    );
    expect(outcome._unsafeUnwrapErr()).toEqual({
      type: 'Timeout',
      operation: 'cities.add',
      waitedFor: 'lock',
      retryable: true,
    });
    expect((await seedCity(sdk)).isOk()).toBe(true);

    const first = sdk.unitOfWork();
    expect((await first.cities.add(newCity)).isOk()).toBe(true);
    const second = sdk.transaction((uow) => uow.cities.add({ ...newCity, name: 'Bonn' }));
    expect((await first.commit()).isOk()).toBe(true);
    expect((await second).isOk()).toBe(true);
  });

  it('is rollback-only after it waited in vain, as a failed statement is', async () => {
    const sdk = createInMemorySlotwise({ lockTimeoutMs: 5 });
    await using holder = sdk.unitOfWork();
    expect((await holder.cities.add(newCity)).isOk()).toBe(true);
    await using waiter = sdk.unitOfWork();
    expect((await waiter.cities.getForShare(1))._unsafeUnwrapErr().type).toBe('Timeout');
    expect((await waiter.commit())._unsafeUnwrapErr()).toMatchObject({ state: 'rollback-only' });
  });

  it('stops waiting when the signal is aborted', async () => {
    const sdk = createInMemorySlotwise();
    await using holder = sdk.unitOfWork();
    expect((await holder.cities.add(newCity)).isOk()).toBe(true);
    const controller = new AbortController();
    await using waiter = sdk.unitOfWork({ signal: controller.signal });
    const waiting = waiter.cities.getForShare(1);
    setTimeout(() => controller.abort(), 5);
    expect((await waiting)._unsafeUnwrapErr()).toMatchObject({ type: 'UnitOfWorkState', state: 'aborted' });
  });

  it('serialises stricter units of work from their first read on', async () => {
    const sdk = createInMemorySlotwise({ lockTimeoutMs: 5 });
    const city = (await seedCity(sdk))._unsafeUnwrap();
    await using strict = sdk.unitOfWork({ isolation: 'serializable' });
    expect((await strict.cities.get(city.id)).isOk()).toBe(true);
    const other = await sdk.transaction((uow) => uow.cities.update(city.archive()));
    expect(other._unsafeUnwrapErr().type).toBe('Timeout');
    expect((await strict.cities.update(city.archive())).isOk()).toBe(true);
    expect((await strict.commit()).isOk()).toBe(true);
  });

  it('reports a callback that throws after the commit', async () => {
    const error = vi.fn<Logger['error']>();
    const ignore = vi.fn<Logger['info']>();
    const sdk = createInMemorySlotwise({ logger: { debug: ignore, info: ignore, warn: ignore, error } });
    const uow = sdk.unitOfWork();
    const cause = new Error('boom');
    uow.afterCommit(() => Promise.reject(cause));
    expect((await uow.commit()).isOk()).toBe(true);
    expect(error.mock.calls).toEqual([
      [{ err: cause }, 'an afterCommit callback failed; the transaction is committed'],
    ]);
  });

  it('has nothing to migrate, a cache for the host alone, and is healthy until it is closed', async () => {
    const sdk = createInMemorySlotwise();
    const open = sdk.unitOfWork();
    expect((await sdk.migrate())._unsafeUnwrap()).toEqual({ applied: [] });
    expect([sdk.cache.enabled, sdk.cache.stats().state, sdk.cache.stats().hitRate]).toEqual([true, 'up', 0]);
    expect((await sdk.health()).status).toBe('up');

    expect((await sdk.close()).isOk()).toBe(true);
    expect((await sdk.close()).isOk()).toBe(true);
    expect((await sdk.health()).status).toBe('down');
    const closed = { type: 'UnitOfWorkState', state: 'closed' };
    for (const call of [
      sdk.read.cities.get(1),
      sdk.unitOfWork().cities.get(1),
      open.cities.add(newCity),
      open.commit(),
      sdk.transaction((uow) => uow.now()),
      sdk.booking.hold({ slotId: 1, candidateId: 1 }),
    ])
      expect((await call)._unsafeUnwrapErr()).toMatchObject(closed);
    expect((await sdk.transaction(() => Promise.resolve(ok())))._unsafeUnwrapErr()).toMatchObject(closed);
  });

  it('throws for a policy that is none, which is a mistake in the test', () => {
    expect(() => createInMemorySlotwise({ policies: { booking: { holdMinutes: -1 } } })).toThrow(
      'policies.booking.holdMinutes must be a number from 0',
    );
  });
});

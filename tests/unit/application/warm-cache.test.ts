import { errAsync } from 'neverthrow';
import { beforeAll, describe, expect, it } from 'vitest';
import type { WarmProgress } from '../../../src/application/caching/counted-reads.ts';
import { warmCache, type WarmContext } from '../../../src/application/caching/warm-cache.ts';
import type { Readers } from '../../../src/application/readers.ts';
import type { MessageTemplate } from '../../../src/domain/message-template/message-template.ts';
import type { DatabaseError } from '../../../src/domain/shared/repository-error.ts';
import { createInMemorySlotwise } from '../../../src/testing/create-in-memory-slotwise.ts';
import { seedBoard, type Board } from '../../../src/testing/seeds/seed-board.ts';
import { settableClock } from '../../../src/testing/settable-clock.ts';

const clock = settableClock();
const sdk = createInMemorySlotwise({ clock });
let board: Board;
let cityText: MessageTemplate;

beforeAll(async () => {
  board = (await seedBoard(sdk, { recruiters: 3, slotsPerRecruiter: 2, candidates: 120 }))._unsafeUnwrap();
  const text = { key: 'greeting', locale: 'en', channel: 'plain', body: 'Hello' } as const;
  const written = await sdk.transaction((uow) =>
    uow.templates
      .add(text)
      .andThen(() => uow.templates.publishVersion({ ...text, body: 'Hi' }))
      .andThen(() => uow.templates.add({ ...text, cityId: board.city.id })),
  );
  cityText = written._unsafeUnwrap();
});

/** Readers that tell what they were asked, and fail where they are told to. */
function spied(failing: (call: string) => boolean = () => false): { read: Readers; calls: string[] } {
  const calls: string[] = [];
  const down: DatabaseError = {
    type: 'Database',
    operation: 'x',
    message: 'down',
    retryable: true,
    cause: 0,
  };
  const spy = <Reader extends object>(name: string, reader: Reader): Reader =>
    new Proxy(reader, {
      get:
        (target, method: string) =>
        (...args: unknown[]) => {
          const call = `${name}.${method}`;
          calls.push(call);
          if (failing(call)) return errAsync(down);
          return (target[method as keyof Reader] as (...given: unknown[]) => unknown).apply(target, args);
        },
    });
  const { recruiters, cities, slots, candidates, templates } = sdk.read;
  return {
    calls,
    read: {
      recruiters: spy('recruiters', recruiters),
      cities: spy('cities', cities),
      slots: spy('slots', slots),
      candidates: spy('candidates', candidates),
      templates: spy('templates', templates),
    },
  };
}

const warming = (read: Readers, context: Partial<WarmContext> = {}) =>
  warmCache({ read, cache: { enabled: true }, filled: () => Promise.resolve(), clock, ...context });

describe('warming the cache', () => {
  it('is done when what was read is stored', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    let done = false;
    const warmed = warming(spied().read, { filled: () => promise })({ cities: [1] }).map(() => {
      done = true;
    });
    const answered = warmed.unwrapOr(undefined);
    await new Promise(setImmediate);
    expect(done).toBe(false);
    resolve();
    await answered;
    expect(done).toBe(true);
  });

  it('reads every entity and every list of what is active', async () => {
    const { read, calls } = spied();
    const report = (await warming(read)())._unsafeUnwrap();
    expect(new Set(calls)).toEqual(
      new Set([
        'cities.getActive',
        'cities.list',
        'cities.getMany',
        'recruiters.getActive',
        'recruiters.list',
        'recruiters.getByCity',
        'recruiters.getMany',
        'slots.getFreeForRecruiter',
        'slots.getFreeForCity',
        'slots.getMany',
        'candidates.list',
        'candidates.getMany',
        'templates.list',
        'templates.getForCity',
        'templates.getMany',
      ]),
    );
    // One city, three recruiters, six slots, 120 candidates; two lists of each of the first two, one by city, and the
    // free lists; three versions of two texts, their list and the city's.
    expect(report).toEqual({
      loaded: 1 + 3 + 6 + 120 + 2 * 2 + 1 + 3 + 1 + 3 + 2,
      failed: 0,
      complete: true,
      durationMs: 0,
    });
  });

  it('reads chosen families, or chosen entities', async () => {
    const families = spied();
    (await warming(families.read)({ families: ['cities'] }))._unsafeUnwrap();
    expect(new Set(families.calls)).toEqual(new Set(['cities.getActive', 'cities.list', 'cities.getMany']));

    const ids = spied();
    const { recruiter, slot, candidate, city } = board;
    const chosen = {
      recruiters: [recruiter.id],
      slots: [slot.id, slot.id],
      candidates: [candidate.id],
      cities: [city.id],
      templates: [cityText.id],
    };
    expect((await warming(ids.read)(chosen))._unsafeUnwrap().loaded).toBe(5);
    expect(ids.calls).toEqual([
      'cities.getMany',
      'recruiters.getMany',
      'slots.getMany',
      'candidates.getMany',
      'templates.getMany',
    ]);
  });

  it('follows as many pages as it is told to', async () => {
    const { read, calls } = spied();
    const report = (await warming(read)({ families: ['candidates'], pages: 2 }))._unsafeUnwrap();
    expect(calls).toEqual(['candidates.list', 'candidates.list', 'candidates.getMany']);
    expect(report.loaded).toBe(100);
  });

  it('tells of its progress', async () => {
    const told: WarmProgress[] = [];
    const report = await warming(spied().read)({
      onProgress: (progress) => {
        told.push(progress);
        throw new Error('nobody minds');
      },
    });
    expect(report.isOk()).toBe(true);
    for (const family of ['cities', 'recruiters', 'slots', 'candidates', 'templates']) {
      const own = told.filter((progress) => progress.family === family);
      expect(own.map(({ done }) => done)).toEqual(own.map((_progress, index) => index + 1));
      expect(own.every(({ done, total }) => done <= total)).toBe(true);
      expect(own.at(-1)).toMatchObject({ total: own.length });
    }
  });

  it('goes no further when the database fails, and says why', async () => {
    const { read, calls } = spied((call) => call === 'recruiters.list');
    const report = (await warming(read)())._unsafeUnwrap();
    expect(report).toMatchObject({ failed: 1, complete: false, firstError: { type: 'Database' } });
    expect(calls).not.toContain('slots.getFreeForCity');
  });

  it('stops when it is told to, or when the cache is switched off', async () => {
    const controller = new AbortController();
    const { read, calls } = spied();
    const onProgress = (): void => controller.abort();
    const report = (await warming(read)({ signal: controller.signal, onProgress }))._unsafeUnwrap();
    expect(report).toMatchObject({ loaded: 1, failed: 0, complete: false });
    expect(calls).toHaveLength(1);

    const off = spied();
    const nothing = (await warming(off.read, { cache: { enabled: false } })())._unsafeUnwrap();
    expect(nothing).toMatchObject({ loaded: 0, complete: false });
    expect(off.calls).toEqual([]);
  });

  it('refuses what it does not know', async () => {
    const run = warming(spied().read);
    expect((await run({ pages: 0 }))._unsafeUnwrapErr()).toMatchObject({ field: 'pages' });
    expect((await run({ slots: [0] }))._unsafeUnwrapErr()).toMatchObject({ field: 'slots[0]' });
    expect((await run({ families: ['hotels' as 'cities'] }))._unsafeUnwrapErr()).toMatchObject({
      field: 'families',
    });
  });
});

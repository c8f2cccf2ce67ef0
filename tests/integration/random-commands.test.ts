import fc from 'fast-check';
import type { Result } from 'neverthrow';
import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { createInMemorySlotwise, seedBoard, settableClock } from '../../src/testing/index.ts';
import { brokenInvariants } from '../support/booking-invariants.ts';
import { databaseClock } from '../support/database-clock.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { rowsOf, stepNames, steps, type Rows, type Run, type World } from '../unit/model/board-model.ts';
import { broken } from '../unit/model/invariants.ts';

const RUNS = 12;
const RUN_MS = 120_000;
const DAY_MS = 24 * 3_600_000;
const LONG_AFTER_MS = 7 * DAY_MS;
/** What comes at once ends differently every time. */
const names = stepNames.filter((name) => name !== 'reserveAtOnce');
const often = ['publish', 'reserve', 'approve', 'requestReschedule', 'wait'] as const;
const number = fc.nat({ max: 10_000 });
const step = fc.record({ name: fc.constantFrom(...names, ...often), a: number, b: number });

async function worldOf(sdk: Slotwise, clock: World['clock']): Promise<World> {
  const board = (await seedBoard(sdk, { recruiters: 2, candidates: 3 }))._unsafeUnwrap();
  const slots = new Set<number>(board.slots.map(({ id }) => id));
  return { sdk, clock, board, slots, bookings: new Set(), requests: new Set() };
}

/** What is stored, without the numbers by which the two worlds name it. */
function inWords({ slots, bookings, requests }: Rows) {
  return {
    slots: slots.map(({ status, startsAt, version }) => `${status} ${startsAt.toJSON()} v${version}`),
    bookings: bookings.map(
      ({ state, outcome, rescheduleCount, version, expiresAt, endedAt }) =>
        `${state} ${outcome} ${rescheduleCount} v${version} ${String(expiresAt)} ${String(endedAt)}`,
    ),
    requests: requests.map(({ state, awaiting, version }) => `${state} ${awaiting} v${version}`),
  };
}

/** Every report of a world, without the ids by which it names its groups. */
async function reportsOf({ sdk, board }: World, start: number) {
  const from = { epochMilliseconds: start - 30 * DAY_MS };
  const until = { epochMilliseconds: start + 300 * DAY_MS };
  const reports = [];
  for (const groupBy of ['none', 'city', 'recruiter', 'day', 'week'] as const) {
    const query = { from, until, cityId: board.city.id, timeZone: 'America/New_York', groupBy };
    const { total, groups } = (await sdk.reports.bookings(query))._unsafeUnwrap();
    const figures = groups.map(({ key, ...own }) => (typeof key === 'string' ? { key, ...own } : own));
    reports.push({ total, figures });
  }
  return reports;
}

const answerOf = (answer: unknown): string => {
  const result = answer as Result<unknown, { readonly type: string }> | undefined;
  if (result === undefined) return 'done';
  return result.isOk() ? 'ok' : result.error.type;
};

describeWithPostgres('random commands on PostgreSQL', () => {
  it(
    'answer and store what the model in memory does, and break no invariant',
    { timeout: RUN_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const database = stack.use(new ScratchDatabase());
      const time = await databaseClock(database);
      const policies = { booking: { approvalMinutes: 30, rescheduleLimit: 2 } };
      const sdk = stack.use(
        (
          await createSlotwise({
            database: { ...database.options, url: time.url },
            cache: false,
            clock: time.clock,
            policies,
          })
        )._unsafeUnwrap(),
      );
      (await sdk.migrate())._unsafeUnwrap();
      const start = time.clock.now().epochMilliseconds;
      const answers = new Map<string, number>();

      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 40 }), async (commands) => {
          await time.set(start);
          const clock = settableClock({ epochMilliseconds: start });
          const model = await worldOf(createInMemorySlotwise({ clock, policies }), clock);
          const real = await worldOf(sdk, { now: () => time.clock.now(), advance: (by) => time.advance(by) });
          let before = await rowsOf(real);
          for (const { name, a, b } of commands) {
            const expected = `${name}: ${answerOf(await (steps[name] as Run)(model, a, b))}`;
            expect(`${name}: ${answerOf(await (steps[name] as Run)(real, a, b))}`).toBe(expected);
            const after = await rowsOf(real);
            expect(inWords(after)).toEqual(inWords(await rowsOf(model)));
            expect(broken(after, before)).toEqual([]);
            answers.set(expected, (answers.get(expected) ?? 0) + 1);
            before = after;
          }
          expect(await reportsOf(real, start)).toEqual(await reportsOf(model, start));
          // The sweeper takes what is due wherever it is: nothing of this run may be left for the next.
          await time.advance(LONG_AFTER_MS);
          for (let due = 1; due > 0;) {
            const swept = (await sdk.booking.expireDue({ limit: 1_000 }))._unsafeUnwrap();
            due = swept.holds + swept.requests + swept.offers + swept.completed;
          }
        }),
        { numRuns: RUNS },
      );
      expect(await brokenInvariants(database)).toEqual([]);
      const ok = [...answers].filter(([answer]) => answer.endsWith(': ok'));
      console.log(
        `random commands on PostgreSQL: ${[...answers.values()].reduce((a, b) => a + b, 0)} commands, ` +
          `${answers.size} different answers, ${ok.length} commands that went through`,
      );
      expect(ok.length).toBeGreaterThan(8);
    },
  );
});

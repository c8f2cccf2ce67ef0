import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { brokenInvariants } from '../support/booking-invariants.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import type { Generator, Tally } from './bulk/generator.ts';

const ROUNDS = 12;
const RUN_TIMEOUT_MS = 120_000;
const DAY_MS = 24 * 60 * 60_000;

const sum = (tallies: readonly Tally[], count: (tally: Tally) => number): number =>
  tallies.reduce((all, tally) => all + count(tally), 0);

interface Ground {
  readonly database: ScratchDatabase;
  readonly sdk: Slotwise;
  readonly board: Board;
}

async function openGround(stack: AsyncDisposableStack): Promise<Ground> {
  const database = stack.use(new ScratchDatabase());
  const sdk = stack.use((await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return { database, sdk, board: (await seedBoard(sdk, { recruiters: 3 }))._unsafeUnwrap() };
}

describeWithPostgres('two processes that change much of the same schedules in opposite order', () => {
  it(
    'never wait for each other in a circle, and leave every rule in place',
    { timeout: RUN_TIMEOUT_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const { database, board } = await openGround(stack);
      const workers = [false, true].map((backwards) => ({
        backwards,
        worker: stack.use(new ChildWorker<Generator>(new URL('bulk/generator.ts', import.meta.url))),
      }));
      const options = { database: database.options, cache: false } as const;
      await Promise.all(workers.map(({ worker }) => worker.call('open', options)));
      const task = {
        recruiterIds: board.recruiters.map(({ id }) => id),
        cityId: board.city.id,
        from: new Date(board.slot.startsAt.epochMilliseconds + 10 * DAY_MS).toISOString(),
        rounds: ROUNDS,
      };
      const startedAt = performance.now();
      const tallies = await Promise.all(
        workers.map(({ worker, backwards }) => worker.call('generate', { ...task, backwards })),
      );
      const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
      const [transactions, attempts, created, conflicts] = [
        sum(tallies, (tally) => tally.transactions),
        sum(tallies, (tally) => tally.attempts),
        sum(tallies, (tally) => tally.created),
        sum(tallies, (tally) => tally.conflicts),
      ];
      console.log(
        `bulk against bulk: ${transactions} transactions in ${attempts} attempts, ${created} slots created, ` +
          `${conflicts} conflicts, ${sum(tallies, ({ changed }) => changed)} moved or reassigned, ` +
          `${sum(tallies, ({ kept }) => kept)} refused, ` +
          `${sum(tallies, ({ errors }) => errors.length)} deadlocks or other errors out, ${seconds} s`,
      );

      expect(tallies.flatMap(({ errors }) => errors)).toEqual([]);
      // A deadlock would have been tried again.
      expect(attempts).toBe(transactions);
      expect(created).toBeGreaterThan(0);
      expect(conflicts).toBeGreaterThan(0);
      expect(await brokenInvariants(database)).toEqual([]);
      const [stored] = await database.rows<{ slots: number }>(
        'select count(*)::int as slots from $schema.slot',
      );
      expect(stored?.slots).toBe(created + board.slots.length);
    },
  );

  it(
    'share a series that both publish: every time of it is published once',
    { timeout: RUN_TIMEOUT_MS },
    async () => {
      await using stack = new AsyncDisposableStack();
      const { database, sdk, board } = await openGround(stack);
      const other = stack.use(
        (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
      );
      const day = board.slot.startsAt.toZonedDateTime('Europe/Berlin').toPlainDate().add({ days: 3 });
      const series = {
        recruiterId: board.recruiter.id,
        cityId: board.city.id,
        firstDay: day.toString(),
        lastDay: day.add({ days: 27 }).toString(),
        windows: [{ from: '09:00', until: '17:00' }],
        slotMinutes: 30,
        batchSize: 10,
      };
      const reports = await Promise.all(
        [sdk, other, sdk, other].map(async (one) => (await one.slots.publishSeries(series))._unsafeUnwrap()),
      );
      const created = reports.map((report) => report.created.length);
      expect(created.toSorted((a, b) => a - b)).toEqual([0, 0, 0, 28 * 16]);
      expect(reports.map((report, index) => report.conflicts.length + (created[index] ?? 0))).toEqual(
        reports.map(() => 28 * 16),
      );
      expect(await brokenInvariants(database)).toEqual([]);
      const rows = await database.rows<{ entries: number; messages: number }>(
        `select (select count(*)::int from $schema.audit_entry where action = 'publish') as entries,
              (select count(*)::int from $schema.event_message where type = 'slot.published') as messages`,
      );
      expect(rows).toEqual([{ entries: 28 * 16, messages: 28 * 16 }]);
    },
  );
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise, type SlotId, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { seedSlot } from '../../src/testing/seeds/seed-slot.ts';
import { brokenInvariants, invariantNames } from '../support/booking-invariants.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgres, describeWithServers } from '../support/services.ts';
import { compete, type Outcome } from './double-booking/compete.ts';
import type { Competitor } from './double-booking/competitor.ts';

const CANDIDATES = 40;
const ROUNDS = 100;
const RECRUITERS = 10;
const RUN_TIMEOUT_MS = 60_000;

interface Field {
  readonly slotIds: readonly SlotId[];
  readonly candidateIds: readonly Awaited<ReturnType<typeof candidatesOf>>[number][];
}

const candidatesOf = async (sdk: Slotwise) =>
  (await seedBoard(sdk, { candidates: CANDIDATES }))._unsafeUnwrap().candidates.map(({ id }) => id);

/** A hundred slots that do not keep anybody from taking another: no two at one time, of one recruiter and purpose. */
async function publish(sdk: Slotwise): Promise<Field> {
  const { city, recruiters } = (await seedBoard(sdk, { recruiters: RECRUITERS }))._unsafeUnwrap();
  const firstStart = Math.ceil(Date.now() / 3_600_000 + 48) * 3_600_000;
  const slotIds: SlotId[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const recruiter = recruiters[round % RECRUITERS];
    if (recruiter === undefined) throw new Error('no recruiter');
    const startsAt = new Date(firstStart + round * 30 * 60_000);
    const endsAt = new Date(startsAt.getTime() + 30 * 60_000);
    const purpose = `interview_${Math.floor(round / RECRUITERS)}`;
    const described = { recruiter, city, purpose, startsAt: instantOf(startsAt), endsAt: instantOf(endsAt) };
    slotIds.push((await seedSlot(sdk, described))._unsafeUnwrap().id);
  }
  return { slotIds, candidateIds: await candidatesOf(sdk) };
}

const instantOf = (date: Date): string => date.toISOString();

const whoWonWhat = (outcomes: readonly Outcome[]): readonly SlotId[] =>
  outcomes.flatMap(({ winners }) => winners.map(({ slotId }) => slotId)).toSorted((a, b) => a - b);

function print(name: string, outcomes: readonly Outcome[], startedAt: number): void {
  const sum = (count: (outcome: Outcome) => number): number =>
    outcomes.reduce((all, one) => all + count(one), 0);
  console.log(
    `${name}: ${sum(({ attempts }) => attempts)} attempts, ${sum(({ winners }) => winners.length)} winners, ` +
      `${sum(({ taken }) => taken)} lost with SlotTaken, ${sum(({ failures }) => failures.length)} other errors, ` +
      `${((performance.now() - startedAt) / 1000).toFixed(1)} s`,
  );
}

/** Asserts about a finished competition, the same whoever took part. */
function itKeepsEveryRule(
  finished: () => { database: ScratchDatabase; field: Field; outcomes: readonly Outcome[] },
) {
  it('has exactly one winner in every round', () => {
    const { field, outcomes } = finished();
    expect(whoWonWhat(outcomes)).toEqual(field.slotIds.toSorted((a, b) => a - b));
  });

  it('tells everybody else that the slot is taken, and nothing worse', () => {
    const { outcomes } = finished();
    expect(outcomes.flatMap(({ failures }) => failures)).toEqual([]);
    expect(outcomes.reduce((all, { taken }) => all + taken, 0)).toBe(ROUNDS * (CANDIDATES - 1));
    expect(outcomes.map(({ wrongAlternatives }) => wrongAlternatives)).toEqual(outcomes.map(() => 0));
  });

  it('leaves rows that prove it', async () => {
    const { database, outcomes } = finished();
    expect(await brokenInvariants(database)).toEqual([]);
    const stored = await database.rows<{ slot_id: string; candidate_id: string }>(
      `select slot_id, candidate_id from $schema.booking where state = 'requested' order by slot_id`,
    );
    const told = outcomes
      .flatMap(({ winners }) => winners)
      .toSorted((a, b) => a.slotId - b.slotId)
      .map(({ slotId, candidateId }) => ({ slot_id: String(slotId), candidate_id: String(candidateId) }));
    expect(stored).toEqual(told);
  });
}

describeWithPostgres('forty candidates who want the same slot', () => {
  describe('of one process', () => {
    const database = new ScratchDatabase();
    let field: Field;
    let outcomes: readonly Outcome[];

    beforeAll(async () => {
      const sdk = (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap();
      try {
        (await sdk.migrate())._unsafeUnwrap();
        field = await publish(sdk);
        const startedAt = performance.now();
        outcomes = [await compete(sdk, field)];
        print('double booking, one process', outcomes, startedAt);
      } finally {
        (await sdk.close())._unsafeUnwrap();
      }
    }, RUN_TIMEOUT_MS);

    afterAll(() => database[Symbol.asyncDispose]());

    itKeepsEveryRule(() => ({ database, field, outcomes }));
  });

  describeWithServers('of two processes with a cache', () => {
    const database = new ScratchDatabase();
    let field: Field;
    let outcomes: readonly Outcome[];

    beforeAll(async () => {
      await using stack = new AsyncDisposableStack();
      const options: SlotwiseOptions = {
        database: database.options,
        cache: stack.use(new ScratchPrefix()).options,
      };
      const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
      (await sdk.migrate())._unsafeUnwrap();
      field = await publish(sdk);
      const { slotIds, candidateIds } = field;

      const competitors = [0, 1].map(() =>
        stack.use(new ChildWorker<Competitor>(new URL('double-booking/competitor.ts', import.meta.url))),
      );
      await Promise.all(competitors.map((competitor) => competitor.call('open', options)));
      const startedAt = performance.now();
      const rounds = { startAt: Date.now() + 200, everyMs: 150 };
      const half = CANDIDATES / competitors.length;
      outcomes = await Promise.all(
        competitors.map((competitor, index) =>
          competitor.call('compete', {
            slotIds,
            candidateIds: candidateIds.slice(index * half, (index + 1) * half),
            rounds,
          }),
        ),
      );
      print('double booking, two processes', outcomes, startedAt);
    }, RUN_TIMEOUT_MS);

    afterAll(() => database[Symbol.asyncDispose]());

    itKeepsEveryRule(() => ({ database, field, outcomes }));
  });

  it('would be noticed by the check of the rows if it were not kept out', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    (await sdk.migrate())._unsafeUnwrap();
    const { slot, candidate } = (await seedBoard(sdk, { slotsPerRecruiter: 2 }))._unsafeUnwrap();
    (await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }))._unsafeUnwrap();
    expect(await brokenInvariants(database)).toEqual([]);

    const constraints = await database.rows<{ relation: string; conname: string }>(
      `select conrelid::regclass::text as relation, conname from pg_constraint
       where connamespace = '$schema'::regnamespace and contype in ('c', 'x')`,
    );
    for (const { relation, conname } of constraints)
      await database.rows(`alter table ${relation} drop constraint "${conname}"`);
    for (const table of ['slot', 'booking'])
      await database.rows(`alter table $schema.${table} disable trigger user`);
    await database.rows('drop index $schema.booking_one_live_per_slot');
    await database.rows('drop index $schema.slot_one_active_per_candidate_recruiter_purpose');
    await database.rows(`insert into $schema.booking (slot_id, candidate_id, purpose, state, created_at)
      select slot_id, candidate_id, purpose, 'booked', created_at from $schema.booking`);
    await database.rows(`update $schema.slot set candidate_id = (select id from $schema.candidate), status = 'pending',
      starts_at = now(), ends_at = now() + interval '1 h', occupied_from = now(), occupied_until = now() + interval '1 h'`);
    await database.rows(`update $schema.slot set status = 'confirmed' where current_booking_id is not null`);
    expect(await brokenInvariants(database)).toEqual(invariantNames);
  });
});

import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { ChildWorker } from '../support/child-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import type { SdkWorker } from '../support/workers/sdk-worker.ts';
import { migrationNames } from '../support/migration-names.ts';

/** Errors are told apart by these names, so they are part of the contract; indexes that guard count too. */
const guards = [
  'action_token_action_length',
  'action_token_booking_fk',
  'action_token_hash_key',
  'audit_entry_actor_known',
  'blocked_period_city_fk',
  'blocked_period_range',
  'blocked_period_reason',
  'blocked_period_recruiter_fk',
  'booking_actor_known',
  'booking_moved_from_fk',
  'booking_moved_matches',
  'booking_moved_to_fk',
  'booking_outcome_known',
  'booking_outcome_matches',
  'booking_end_matches',
  'booking_candidate_fk',
  'booking_reason_length',
  'booking_slot_fk',
  'booking_slot_id_key',
  'booking_state_known',
  'candidate_telegram_id_key',
  'message_template_channel_known',
  'message_template_city_fk',
  'message_template_key_form',
  'message_template_locale_form',
  'message_template_version_positive',
  'idempotency_record_key_key',
  'idempotency_record_key_length',
  'inbox_update_key_length',
  'inbox_update_kind_known',
  'inbox_update_once',
  'inbox_update_source_length',
  'recruiter_city_city_fk',
  'recruiter_city_recruiter_fk',
  'recruiter_telegram_chat_id_key',
  'reschedule_request_actor_known',
  'reschedule_request_awaiting_known',
  'reschedule_request_booking_fk',
  'reschedule_request_candidate_fk',
  'reschedule_request_comment_length',
  'reschedule_request_decision_matches',
  'reschedule_request_reason_length',
  'reschedule_request_state_known',
  'reschedule_request_window',
  'slot_booking_agree',
  'slot_booking_agree',
  'slot_booking_matches',
  'slot_candidate_fk',
  'slot_candidate_matches',
  'slot_candidate_no_overlap',
  'slot_city_fk',
  'slot_current_booking_fk',
  'slot_current_booking_key',
  'slot_duration',
  'slot_hold_matches',
  'slot_occupied_covers_displayed',
  'slot_recruiter_fk',
  'slot_recruiter_no_overlap',
  'slot_status_known',
  'waitlist_entry_booking_fk',
  'waitlist_entry_candidate_fk',
  'waitlist_entry_city_fk',
  'waitlist_entry_end_matches',
  'waitlist_entry_offer_matches',
  'waitlist_entry_recruiter_fk',
  'waitlist_entry_status_known',
  'waitlist_entry_window',
];
const uniqueIndexes = [
  'booking_one_live_per_slot',
  'city_name_key',
  'message_template_one_active',
  'message_template_version_key',
  'reschedule_request_one_pending',
  'slot_one_active_per_candidate_recruiter_purpose',
  'waitlist_entry_one_live',
  'waitlist_entry_one_per_offer',
];

const RACES = 4;

describeWithPostgres('migrating', () => {
  it('can be done by two processes at once: both succeed, and one of them applies', async () => {
    await using stack = new AsyncDisposableStack();
    const workers = [1, 2].map(() =>
      stack.use(new ChildWorker<SdkWorker>(new URL('../support/workers/sdk-worker.ts', import.meta.url))),
    );
    for (let race = 0; race < RACES; race += 1) {
      const database = stack.use(new ScratchDatabase());
      await Promise.all(
        workers.map((worker) => worker.call('open', { database: database.options, cache: false })),
      );
      const applied = await Promise.all(workers.map((worker) => worker.call('migrate', undefined)));
      expect(applied.flat()).toEqual(migrationNames);
      const recorded = await database.rows('select name from $schema.migration');
      expect(recorded).toEqual(migrationNames.map((name) => ({ name })));
      await Promise.all(workers.map((worker) => worker.call('close', undefined)));
    }
  });

  it('applies nothing the second time and keeps what is stored', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    expect((await sdk.migrate())._unsafeUnwrap().applied).toEqual(migrationNames);
    const added = sdk.transaction((uow) => uow.cities.add({ name: 'Berlin', timeZone: 'Europe/Berlin' }));
    const city = (await added)._unsafeUnwrap();

    expect((await sdk.migrate())._unsafeUnwrap().applied).toEqual([]);
    expect((await sdk.read.cities.get(city.id))._unsafeUnwrap()).toEqual(city);
  });

  it('needs no more than one connection', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const options = {
      database: { ...database.options, pool: { max: 1 }, acquireTimeoutMs: 3000 },
      cache: false,
    } as const;
    const sdk = stack.use((await createSlotwise(options))._unsafeUnwrap());
    expect((await sdk.migrate())._unsafeUnwrap().applied).toEqual(migrationNames);
  });

  it('leaves every guard in place, under its name and checked for all rows', async () => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const sdk = stack.use(
      (await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap(),
    );
    (await sdk.migrate())._unsafeUnwrap();

    const constraints = await database.rows<{ conname: string; convalidated: boolean }>(
      `select conname, convalidated from pg_constraint where connamespace = '$schema'::regnamespace`,
    );
    expect(constraints.map(({ conname }) => conname)).toEqual(expect.arrayContaining(guards));
    expect(constraints.filter(({ convalidated }) => !convalidated)).toEqual([]);
    const indexes = await database.rows<{ relname: string }>(
      `select relname from pg_index join pg_class on pg_class.oid = indexrelid
       where relnamespace = '$schema'::regnamespace and indisunique and indisvalid`,
    );
    expect(indexes.map(({ relname }) => relname)).toEqual(expect.arrayContaining(uniqueIndexes));
    const triggers = await database.rows(
      `select tgname, tgrelid::regclass::text as on from pg_trigger
       join pg_class on pg_class.oid = tgrelid and relnamespace = '$schema'::regnamespace
       where not tgisinternal and tgenabled = 'O' order by 1, 2`,
    );
    expect(triggers).toEqual([
      { tgname: 'audit_entry_is_final', on: `${database.schema}.audit_entry` },
      { tgname: 'audit_entry_is_kept', on: `${database.schema}.audit_entry` },
      { tgname: 'booking_history_is_final', on: `${database.schema}.booking` },
      { tgname: 'slot_booking_agree', on: `${database.schema}.booking` },
      { tgname: 'slot_booking_agree', on: `${database.schema}.slot` },
      { tgname: 'slot_booking_agree_when_added', on: `${database.schema}.slot` },
    ]);
  });

  it('touches nothing outside its own schema', async () => {
    await using stack = new AsyncDisposableStack();
    const [own, neighbour] = [stack.use(new ScratchDatabase()), stack.use(new ScratchDatabase())];
    await neighbour.rows('create schema $schema');
    await neighbour.rows('create table $schema.slot (id int primary key, note text)');
    await neighbour.rows(`insert into $schema.slot values (1, 'mine')`);
    const sdk = stack.use((await createSlotwise({ database: own.options, cache: false }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();

    expect(await neighbour.rows('select * from $schema.slot')).toEqual([{ id: 1, note: 'mine' }]);
    const tables =
      await neighbour.rows(`select relname from pg_class where relnamespace = '$schema'::regnamespace
      and relkind = 'r'`);
    expect(tables).toEqual([{ relname: 'slot' }]);
  });
});

import { err, errAsync, ok, okAsync, Result, type ResultAsync } from 'neverthrow';
import type { CityNotFound } from '../../../domain/city/city-errors.ts';
import type { RecruiterNotFound } from '../../../domain/recruiter/recruiter-errors.ts';
import { refusedOf, type ItemsRefused } from '../../../domain/shared/bulk.ts';
import { fail } from '../../../domain/shared/fail.ts';
import type { CandidateId, RecruiterId, SlotId } from '../../../domain/shared/id.ts';
import type {
  ConstraintViolation,
  CorruptRecord,
  RepositoryError,
  StaleVersion,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';
import type { SlotNotFound } from '../../../domain/slot/slot-errors.ts';
import type { AddSlotError, PastSlots, SlotConflict } from '../../../domain/slot/slot-repository.ts';
import { draftSlot, freeSlot, Slot, type NewSlot, type SlotDraft } from '../../../domain/slot/slot.ts';
import { readRecord } from '../../records/record-reader.ts';
import { readSlotId, slotColumnNames, slotFromRecord, slotsAsJson } from '../../records/slot-record.ts';
import { rawRows } from '../raw-rows.ts';
import type { Session } from '../session.ts';
import { decodeAll } from './answers.ts';
import { drawIds } from './draw-ids.ts';
import type { EntityRows } from './entity-rows.ts';
import { existingIds } from './existing-ids.ts';
import { inBatches, ROWS_PER_STATEMENT } from './in-batches.ts';
import type { AddManyChoices } from './parse-add-many.ts';
import { storeBatch } from './store-batch.ts';
import { lockNames, parkSlots, scheduleLock, selectConflicts, updateSlots } from './slot-statements.ts';

type Added = Result<Slot, AddSlotError>;

/** What the repository of slots does with many of them at once. */
export class ManySlots {
  readonly #session: Session;
  readonly #rows: EntityRows<Slot, SlotId, SlotNotFound>;
  readonly #schema: string;

  constructor(session: Session, rows: EntityRows<Slot, SlotId, SlotNotFound>, schema: string) {
    this.#session = session;
    this.#rows = rows;
    this.#schema = schema;
  }

  lockSchedules(recruiterIds: readonly RecruiterId[]): ResultAsync<void, RepositoryError> {
    if (recruiterIds.length === 0) return okAsync(undefined);
    const names = [...new Set(recruiterIds)]
      .sort((a, b) => a - b)
      .map((id) => scheduleLock(this.#schema, id));
    return this.#session
      .run('slots.lockSchedules', 'write', (db) => rawRows(db, lockNames('exclusive'), [names]))
      .map(() => undefined);
  }

  findConflicts(
    slots: readonly (Slot | SlotDraft)[],
  ): ResultAsync<ReadonlyMap<number, SlotConflict>, RepositoryError> {
    if (slots.length === 0) return okAsync(new Map());
    const own = slots.flatMap((slot) => (slot instanceof Slot ? [slot.id] : []));
    return this.#session
      .run('slots.findConflicts', 'read', (db) =>
        rawRows(db, selectConflicts(this.#schema), [slotsAsJson(slots), own]),
      )
      .andThen((rows) => Result.combine(rows.map((row) => readConflict(row, slots))))
      .map((conflicts) => new Map(conflicts));
  }

  add(
    slots: readonly NewSlot[],
    { onConflict, batchSize }: AddManyChoices,
  ): ResultAsync<readonly Added[], ItemsRefused<AddSlotError> | RepositoryError> {
    const drafts = slots.map((slot): Result<SlotDraft, AddSlotError> => draftSlot(slot));
    const refused = refusedOf(drafts);
    if (onConflict === 'fail' && refused.length > 0) return errAsync({ type: 'ItemsRefused', refused });
    return this.#withReferences(drafts)
      .andThen((referring) => this.#withIds(referring))
      .andThen((wanted) => this.#insert(wanted, batchSize))
      .andThen((added) => (onConflict === 'skip' ? okAsync(added) : this.#allOrNone(added)));
  }

  update(
    slots: readonly Slot[],
    batchSize: number,
  ): ResultAsync<
    readonly Slot[],
    ItemsRefused<SlotNotFound | StaleVersion> | SlotConflict | RepositoryError
  > {
    return this.#rows
      .lockUnchanged('updateMany', slots)
      .andThen((stored) => this.#park(slots, stored).map(() => stored))
      .andThen((stored) =>
        this.#rows
          .replaceMany('updateMany', slots, stored, {
            batchSize,
            statement: (db, batch) => rawRows(db, updateSlots(this.#schema), [slotsAsJson(batch)]),
          })
          .mapErr(conflictOf),
      );
  }

  delete(
    ids: readonly SlotId[],
  ): ResultAsync<readonly Result<SlotId, SlotNotFound | StillReferenced>[], RepositoryError> {
    return this.#rows
      .lockMany('deleteMany', ids)
      .andThen((stored) => {
        const known = new Set(stored.map(({ id }) => id));
        return inBatches(stored, ROWS_PER_STATEMENT, (batch) => this.#deleteNeverBooked(batch)).map(
          (deleted) => ({ known, deleted: new Set(deleted) }),
        );
      })
      .map(({ known, deleted }) =>
        ids.map((id): Result<SlotId, SlotNotFound | StillReferenced> => {
          // Asked for twice, it is not there the second time.
          if (deleted.delete(id)) {
            known.delete(id);
            return ok(id);
          }
          return known.has(id)
            ? err({ type: 'StillReferenced', entity: 'slot', id })
            : err({ type: 'SlotNotFound', id });
        }),
      );
  }

  deletePast(
    { endedBefore, recruiterId, cityId }: PastSlots,
    limit: number,
  ): ResultAsync<readonly Slot[], RepositoryError> {
    return this.#rows
      .writeMany('deletePast', async (db, touch) => {
        const rows = await db
          .deleteFrom('slot')
          .where('id', 'in', (inner) => {
            let past = inner
              .selectFrom('slot')
              .select('id')
              .where('status', '=', 'free')
              .where('ends_at', '<=', endedBefore.toJSON())
              .where((eb) =>
                eb.not(
                  eb.exists(
                    eb.selectFrom('booking').select('booking.id').whereRef('booking.slot_id', '=', 'slot.id'),
                  ),
                ),
              );
            if (recruiterId !== undefined) past = past.where('recruiter_id', '=', recruiterId);
            if (cityId !== undefined) past = past.where('city_id', '=', cityId);
            return past.orderBy('id').limit(limit).forUpdate().skipLocked();
          })
          .returning(slotColumnNames)
          .execute();
        const deleted = decodeAll(slotFromRecord)(rows);
        if (deleted.isOk()) touch(...deleted.value);
        return deleted;
      })
      .andThen((deleted) => deleted)
      .map((slots) => slots.toSorted((a, b) => a.id - b.id));
  }

  #withReferences(
    drafts: readonly Result<SlotDraft, AddSlotError>[],
  ): ResultAsync<readonly Result<SlotDraft, AddSlotError>[], RepositoryError> {
    const valid = drafts.flatMap((draft) => (draft.isOk() ? [draft.value] : []));
    const recruiterIds = valid.map(({ recruiterId }) => recruiterId);
    const cityIds = valid.map(({ cityId }) => cityId);
    return this.lockSchedules(recruiterIds).andThen(() =>
      existingIds(this.#session, 'slots.addMany', 'recruiter', recruiterIds).andThen((recruiters) =>
        existingIds(this.#session, 'slots.addMany', 'city', cityIds).map((cities) =>
          drafts.map((draft) =>
            draft.andThen((slot): Result<SlotDraft, RecruiterNotFound | CityNotFound> => {
              if (!recruiters.has(slot.recruiterId))
                return err({ type: 'RecruiterNotFound', id: slot.recruiterId });
              return cities.has(slot.cityId) ? ok(slot) : err({ type: 'CityNotFound', id: slot.cityId });
            }),
          ),
        ),
      ),
    );
  }

  /** The slots as they will be, if nothing keeps them out. */
  #withIds(
    drafts: readonly Result<SlotDraft, AddSlotError>[],
  ): ResultAsync<readonly Added[], RepositoryError> {
    const count = drafts.filter((draft) => draft.isOk()).length;
    return drawIds(this.#session, 'slots.addMany', { schema: this.#schema, table: 'slot', count }).map(
      (ids) => {
        const drawn = ids.values();
        return drafts.map((draft): Added =>
          draft.map((slot) => freeSlot(drawn.next().value as SlotId, slot)),
        );
      },
    );
  }

  #insert(wanted: readonly Added[], batchSize: number): ResultAsync<readonly Added[], RepositoryError> {
    const slots = wanted.flatMap((slot) => (slot.isOk() ? [slot.value] : []));
    return inBatches(slots, batchSize, (batch) =>
      this.#rows
        .writeMany('addMany', async (db, touch) => {
          touch(...batch);
          return storeBatch(db, this.#schema, batch);
        })
        .andThen((ids) => ids),
    ).map((ids) => {
      const stored = new Set(ids);
      return wanted.map((added) =>
        added.andThen((slot): Added =>
          stored.has(slot.id) ? ok(slot) : err({ type: 'SlotOverlap', recruiterId: slot.recruiterId }),
        ),
      );
    });
  }

  /** Nobody has seen these rows, so they can be taken back without undoing anything else of the transaction. */
  #allOrNone(
    added: readonly Added[],
  ): ResultAsync<readonly Added[], ItemsRefused<AddSlotError> | RepositoryError> {
    const refused = refusedOf(added);
    if (refused.length === 0) return okAsync(added);
    const stored = added.flatMap((slot) => (slot.isOk() ? [slot.value] : []));
    return inBatches(stored, ROWS_PER_STATEMENT, (batch) => this.#deleteNeverBooked(batch)).andThen(() =>
      fail({ type: 'ItemsRefused', refused }),
    );
  }

  /** Only what gets another time or another recruiter can be in the way of something. */
  #park(slots: readonly Slot[], stored: ReadonlyMap<SlotId, Slot>): ResultAsync<void, RepositoryError> {
    const leaving = slots.flatMap((slot) => {
      const before = stored.get(slot.id);
      return before === undefined || samePlace(before, slot) ? [] : [slot.id];
    });
    if (leaving.length === 0) return okAsync(undefined);
    return this.#session
      .run('slots.updateMany', 'write', (db) => rawRows(db, parkSlots(this.#schema), [leaving]))
      .map(() => undefined);
  }

  #deleteNeverBooked(batch: readonly Slot[]): ResultAsync<readonly SlotId[], RepositoryError> {
    return this.#rows
      .writeMany('deleteMany', async (db, touch) => {
        touch(...batch);
        const ids = batch.map(({ id }) => id);
        return db
          .deleteFrom('slot')
          .where('id', 'in', ids)
          .where('id', 'not in', db.selectFrom('booking').select('slot_id').where('slot_id', 'in', ids))
          .returning('id')
          .execute();
      })
      .andThen((rows) => Result.combine(rows.map(readSlotId)));
  }
}

const samePlace = (a: Slot, b: Slot): boolean =>
  a.recruiterId === b.recruiterId &&
  a.occupiedFrom.equals(b.occupiedFrom) &&
  a.occupiedUntil.equals(b.occupiedUntil) &&
  a.startsAt.equals(b.startsAt) &&
  a.endsAt.equals(b.endsAt);

const readConflict = (
  row: unknown,
  slots: readonly (Slot | SlotDraft)[],
): Result<readonly [number, SlotConflict], CorruptRecord> =>
  readRecord('slot', row, (read) => {
    const index = read.integer('index');
    const slot = slots[index] ?? read.refuse('index');
    if (read.flag('overlap')) return [index, { type: 'SlotOverlap', recruiterId: slot.recruiterId }];
    const candidateId = (slot instanceof Slot ? slot.candidateId : undefined) ?? read.refuse('candidate_id');
    return read.flag('duplicate')
      ? [index, { type: 'DuplicateBooking', candidateId, recruiterId: slot.recruiterId }]
      : [index, { type: 'CandidateBusy', candidateId }];
  });

/** Which guard fired is in the violation, and whose it was in its key: `7, ["2030-01-07 …`, `3, 7, interview`. */
function conflictOf<E extends { readonly type: string }>(
  error: E | ConstraintViolation,
): E | ConstraintViolation | SlotConflict {
  if (error.type !== 'ConstraintViolation') return error;
  const { constraint, key = '' } = error as ConstraintViolation;
  const [first, second] = key.split(', ').map(Number);
  const conflicts: Readonly<Record<string, SlotConflict>> = {
    slot_recruiter_no_overlap: { type: 'SlotOverlap', recruiterId: first as RecruiterId },
    slot_candidate_no_overlap: { type: 'CandidateBusy', candidateId: first as CandidateId },
    slot_one_active_per_candidate_recruiter_purpose: {
      type: 'DuplicateBooking',
      candidateId: first as CandidateId,
      recruiterId: second as RecruiterId,
    },
  };
  return conflicts[constraint] ?? error;
}

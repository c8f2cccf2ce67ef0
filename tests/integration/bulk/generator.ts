import { createSlotwise, type NewSlot, type Slotwise, type SlotwiseOptions } from '../../../src/index.ts';
import { answerCalls } from '../../support/child-process-calls.ts';

interface Ground {
  readonly recruiterIds: readonly number[];
  readonly cityId: number;
  /** ISO 8601; the first slots of the first round start here. */
  readonly from: string;
}

export interface Task extends Ground {
  readonly rounds: number;
  /** Whether everything comes in the opposite order, which is where circles of waiting come from. */
  readonly backwards: boolean;
}

/** What one process saw. */
export interface Tally {
  readonly transactions: number;
  /** How often their work ran; more than there were transactions when some were tried again. */
  readonly attempts: number;
  readonly created: number;
  readonly conflicts: number;
  /** Slots that were moved or given away, and those that could not be. */
  readonly changed: number;
  readonly kept: number;
  /** Errors that came out. */
  readonly errors: readonly string[];
}

const MINUTE = 60_000;
const SLOTS = 24;

/** Publishes, moves and reassigns the slots of several recruiters, while somebody else does the same. */
async function generate(sdk: Slotwise, task: Task): Promise<Tally> {
  const tally = { transactions: 0, attempts: 0, created: 0, conflicts: 0, changed: 0, kept: 0 };
  const errors: string[] = [];
  for (let round = 0; round < task.rounds; round += 1) {
    const wanted = slotsOf(task, round);
    tally.transactions += 1;
    const added = await sdk.transaction((uow) => {
      tally.attempts += 1;
      return uow.slots.addMany(wanted, { onConflict: 'skip', batchSize: 7 });
    });
    if (added.isErr()) {
      errors.push(added.error.type);
      continue;
    }
    const own = added.value.flatMap((one) => (one.isOk() ? [one.value] : []));
    tally.created += own.length;
    tally.conflicts += added.value.length - own.length;
    const all = await sdk.transaction((uow) => uow.slots.getFreeForCity(task.cityId));
    const ids = all.map((slots) => slots.map(({ id }) => id)).unwrapOr([]);
    const slotIds = (task.backwards ? ids.toReversed() : ids).slice(0, 200);
    const actor = { kind: 'system' } as const;
    const [recruiterId] = task.backwards ? task.recruiterIds.toReversed() : task.recruiterIds;
    for (const change of [
      () =>
        sdk.slots.moveMany({ slotIds, offsetMinutes: task.backwards ? 5 : -5, actor, onConflict: 'skip' }),
      () => sdk.slots.reassignMany({ slotIds, recruiterId: recruiterId ?? 0, actor, onConflict: 'skip' }),
    ]) {
      const changed = await change();
      if (changed.isErr()) errors.push(changed.error.type);
      else {
        tally.changed += changed.value.slots.length;
        tally.kept += changed.value.conflicts.length;
      }
    }
  }
  return { ...tally, errors };
}

/** Half an hour every twenty minutes: each is in the way of its neighbours, and of somebody else's. */
function slotsOf({ recruiterIds, cityId, from, backwards }: Task, round: number): readonly NewSlot[] {
  const start = Date.parse(from) + round * SLOTS * 20 * MINUTE + (backwards ? 10 * MINUTE : 0);
  const slots = recruiterIds.flatMap((recruiterId) =>
    Array.from({ length: SLOTS }, (_, index) => ({
      recruiterId,
      cityId,
      timeZone: 'UTC',
      startsAt: { epochMilliseconds: start + index * 20 * MINUTE },
      endsAt: { epochMilliseconds: start + (index * 20 + 30) * MINUTE },
    })),
  );
  return backwards ? slots.toReversed() : slots;
}

let opened: Slotwise | undefined;

const handlers = {
  async open(options: SlotwiseOptions): Promise<void> {
    opened = (await createSlotwise(options))._unsafeUnwrap();
  },
  async generate(task: Task): Promise<Tally> {
    if (opened === undefined) throw new Error('not opened');
    return generate(opened, task);
  },
};

export type Generator = typeof handlers;

answerCalls(handlers);

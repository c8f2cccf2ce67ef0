import type { CandidateId, SlotId, Slotwise } from '../../../src/index.ts';

/** Candidates who all want each of the slots, one slot after the other. */
export interface Competition {
  readonly slotIds: readonly SlotId[];
  readonly candidateIds: readonly CandidateId[];
  /** Wall-clock time of the first round, the same for all processes that compete, and milliseconds between rounds. */
  readonly rounds?: { readonly startAt: number; readonly everyMs: number };
}

export interface Outcome {
  readonly attempts: number;
  readonly winners: readonly { readonly slotId: SlotId; readonly candidateId: CandidateId }[];
  readonly taken: number;
  /** Alternatives that were offered although they were not free slots of somebody else. */
  readonly wrongAlternatives: number;
  /** Everything that is neither a booking nor `SlotTaken`, exceptions included. */
  readonly failures: readonly string[];
}

/** Lets all candidates ask for the same slot at once, round by round. */
export async function compete(
  sdk: Slotwise,
  { slotIds, candidateIds, rounds }: Competition,
): Promise<Outcome> {
  const winners: Outcome['winners'][number][] = [];
  const failures: string[] = [];
  const counts = { attempts: 0, taken: 0, wrongAlternatives: 0 };
  const reserve = async (slotId: SlotId, candidateId: CandidateId): Promise<void> => {
    counts.attempts += 1;
    try {
      const reserved = await sdk.booking.reserve({ slotId, candidateId });
      if (reserved.isOk()) {
        winners.push({ slotId, candidateId });
        return;
      }
      const { error } = reserved;
      if (error.type !== 'SlotTaken') {
        failures.push(JSON.stringify(error));
        return;
      }
      counts.taken += 1;
      if (
        error.slotId !== slotId ||
        error.alternatives.length > 3 ||
        error.alternatives.some(({ id }) => id === slotId)
      )
        counts.wrongAlternatives += 1;
    } catch (cause) {
      failures.push(`threw ${String(cause)}`);
    }
  };
  for (const [round, slotId] of slotIds.entries()) {
    if (rounds !== undefined) await waitUntil(rounds.startAt + round * rounds.everyMs);
    await Promise.all(candidateIds.map((candidateId) => reserve(slotId, candidateId)));
  }
  return { ...counts, winners, failures };
}

const waitUntil = (moment: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, Math.max(0, moment - Date.now()));
  });

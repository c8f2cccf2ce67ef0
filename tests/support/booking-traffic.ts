import { setTimeout as sleep } from 'node:timers/promises';
import type { BookingId, CandidateId, Slotwise, SlotwiseError } from '../../src/index.ts';
import type { Board } from '../../src/testing/seeds/seed-board.ts';

/** What a bot would do between two calls, and what keeps a server that is away from being asked in a circle. */
const PAUSE_MS = 5;

export interface Acknowledgement {
  readonly bookingId: BookingId;
  readonly candidateId: CandidateId;
  readonly at: number;
}

/** Candidates who reserve slots that others want too, one after the other, until they are told to stop. */
export class BookingTraffic {
  readonly acknowledged: Acknowledgement[] = [];
  /** Those that are no matter of who came first. */
  readonly failures: SlotwiseError[] = [];
  readonly #sdk: Slotwise;
  readonly #board: Board;
  readonly #candidates: Iterator<CandidateId>;
  #lost = 0;
  #stopped = false;
  readonly #workers: readonly Promise<void>[];

  constructor(sdk: Slotwise, board: Board, workers: number) {
    this.#sdk = sdk;
    this.#board = board;
    this.#candidates = board.candidates.map(({ id }) => id).values();
    this.#workers = Array.from({ length: workers }, () => this.#work());
  }

  /** How often another candidate was quicker. */
  get lost(): number {
    return this.#lost;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#workers);
  }

  /** Each candidate wants the first slot that is free as far as this process knows, which others want as well. */
  async #work(): Promise<void> {
    for (;;) {
      const { value: candidateId, done } = this.#candidates.next();
      if (done === true) return;
      let booked = false;
      while (!booked) {
        if (this.#stopped) return;
        booked = await this.#reserve(candidateId);
        await sleep(PAUSE_MS);
      }
    }
  }

  async #reserve(candidateId: CandidateId): Promise<boolean> {
    const slot = this.#board.slots[this.acknowledged.length];
    if (slot === undefined) return true;
    const reserved = await this.#sdk.booking.reserve({ slotId: slot.id, candidateId });
    if (reserved.isOk()) {
      this.acknowledged.push({ bookingId: reserved.value.id, candidateId, at: performance.now() });
      return true;
    }
    if (reserved.error.type === 'SlotTaken') this.#lost += 1;
    else this.failures.push(reserved.error);
    return false;
  }
}

import { ok, safeTry, type ResultAsync } from 'neverthrow';
import type { BookingState } from '../../domain/booking/booking-state.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { settleSlots, type SettleError } from './settle-slots.ts';

export interface ExpireDue {
  /** Slots at a time, 1 to 1,000; 100 when left out. */
  readonly limit?: number;
}

/** How many of each were settled. */
export interface ExpireReport {
  readonly holds: number;
  readonly requests: number;
  readonly offers: number;
  /** Interviews that are over and whose outcome nobody recorded. */
  readonly completed: number;
}

export type ExpireDueError = SettleError | CommandError;

const DEFAULT_LIMIT = 100;

const kindOf: Partial<Readonly<Record<BookingState, keyof ExpireReport>>> = {
  held: 'holds',
  requested: 'requests',
  offered: 'offers',
  booked: 'completed',
  confirmed: 'completed',
};

/**
 * Writes down what time has decided: holds, requests and offers that lapsed are `expired`, interviews that are over
 * `completed`. Nothing waits for it, because what has lapsed blocks nobody; call it every now and then, so that events are
 * told and the history is true. Any number of processes may: each takes what no other has locked. One transaction, about
 * ten statements; call it again as long as it settles `limit`.
 */
export const expireDue =
  (context: UseCaseContext) =>
  (
    { limit = DEFAULT_LIMIT }: ExpireDue = {},
    options: UseCaseOptions = {},
  ): ResultAsync<ExpireReport, ExpireDueError> =>
    runCommand(context, options, { name: 'booking.expireDue', input: { limit } }, (uow) =>
      safeTry<ExpireReport, ExpireDueError>(async function* () {
        const report = { holds: 0, requests: 0, offers: 0, completed: 0 };
        const due = yield* uow.slots.claimDue(limit);
        const now = yield* uow.now();
        const { ended } = yield* settleSlots(uow, due, now);
        for (const { booking } of ended) {
          const kind = kindOf[booking.state];
          if (kind !== undefined) report[kind] += 1;
        }
        return ok(report);
      }),
    );

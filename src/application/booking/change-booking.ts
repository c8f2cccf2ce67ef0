import { err, safeTry, type Result, type ResultAsync } from 'neverthrow';
import type { InvalidTransition } from '../../domain/booking/booking-transitions.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import { moveBooking, type Standing } from '../../domain/booking/transition-booking.ts';
import { actsFor, forbidden, parseActor, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { BookingId, IdInput } from '../../domain/shared/id.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { UnitOfWork } from '../ports/unit-of-work.ts';
import { runCommand, type CommandError } from '../run-command.ts';
import type { UseCaseContext, UseCaseOptions } from '../use-case.ts';
import { parseReason } from './reason.ts';
import { storeMoved, type StoreMovedError } from './store-transition.ts';

/** A command on an existing booking. */
export interface ChangeBooking {
  readonly bookingId: IdInput<BookingId>;
  readonly actor: Actor;
  readonly reason?: string;
}

export type ChangeBookingError = Forbidden | InvalidTransition | StoreMovedError | CommandError;

/** A row of the state machine, and who may ask for it. */
interface Row<Command, E> {
  readonly command: Command;
  /** Whose booking or slot it must be; admins and the system always may. */
  readonly allowed: readonly ('candidate' | 'recruiter')[];
  /** Rules on top of the state machine. */
  readonly check?: (
    standing: Standing,
    now: Instant,
    actor: Actor,
    uow: UnitOfWork,
  ) => Result<void, E> | ResultAsync<void, E>;
}

/** What distinguishes one command on a booking from another. */
interface BookingChange<E> extends Row<'approve' | 'reject' | 'confirm' | 'cancel' | 'release', E> {
  readonly reasonRequired?: boolean;
  /** What the command is where the slot was offered to the candidate. */
  readonly offered?: Row<'acceptOffer' | 'declineOffer' | 'retractOffer', E>;
}

/** Locks the booking's slot, checks who asks and whether the state allows it, and stores both. */
export const changeBooking = <E = never>(
  context: UseCaseContext,
  change: BookingChange<E>,
  command: ChangeBooking,
  options: UseCaseOptions,
): ResultAsync<Booking, ChangeBookingError | E> =>
  runCommand(context, options, { name: `booking.${change.command}`, input: command }, (uow) =>
    safeTry<Booking, ChangeBookingError | E>(async function* () {
      const actor = yield* parseActor(command.actor);
      const reason = yield* parseReason(command.reason, actor, change.reasonRequired);
      const standing = yield* uow.bookings.lockWithSlot(command.bookingId);
      const row = standing.booking.state === 'offered' ? (change.offered ?? change) : change;
      if (!mayChange(standing, actor, row.allowed)) return err(forbidden(change.command, actor));
      const now = yield* uow.now();
      const moved = yield* moveBooking(row.command, standing, { at: now, actor, reason });
      if (row.check !== undefined) yield* await row.check(standing, now, actor, uow);
      const accepted = { at: now, actor, reason };
      const transition = { ...accepted, command: row.command, before: standing, after: moved };
      return storeMoved(uow, transition).map(({ booking }) => booking);
    }),
  );

const mayChange = (
  { slot, booking }: Standing,
  actor: Actor,
  allowed: readonly ('candidate' | 'recruiter')[],
): boolean =>
  allowed.some((kind) => actsFor(actor, kind, kind === 'candidate' ? booking.candidateId : slot.recruiterId));

import type { ResultAsync } from 'neverthrow';
import { describe, expectTypeOf, it } from 'vitest';
import type { SlotwiseError } from '../../src/application/errors.ts';
import type { TransactionError, UnitOfWork } from '../../src/application/ports/unit-of-work.ts';
import type { RepositoryError } from '../../src/domain/shared/repository-error.ts';
import type { Slotwise } from '../../src/infrastructure/slotwise.ts';

type Answer = ResultAsync<unknown, { readonly type: string }>;
type ErrorsOf<Method extends (...args: never[]) => Answer> =
  ReturnType<Method> extends ResultAsync<unknown, infer E extends { readonly type: string }>
    ? E['type']
    : never;

/** What anything that reaches the storage in a transaction may answer. */
type Storage =
  | 'Validation'
  | 'Database'
  | 'Timeout'
  | 'ConstraintViolation'
  | 'CorruptRecord'
  | 'UnitOfWorkState'
  | 'Unexpected';

/** What any command that changes something may answer. */
type Command = Storage | 'IdempotencyMismatch';

type Change =
  | Command
  | 'BookingNotFound'
  | 'Forbidden'
  | 'InvalidTransition'
  | 'SlotNotFound'
  | 'SlotOverlap'
  | 'CandidateBusy'
  | 'DuplicateBooking'
  | 'StaleVersion';

describe('the errors of', () => {
  it('storage', () => {
    expectTypeOf<RepositoryError['type']>().toEqualTypeOf<Exclude<Storage, 'Unexpected'>>();
    expectTypeOf<TransactionError['type']>().toEqualTypeOf<
      Exclude<Storage, 'Validation' | 'CorruptRecord'>
    >();
  });

  it('publish and withdraw', () => {
    expectTypeOf<ErrorsOf<Slotwise['slots']['publish']>>().toEqualTypeOf<
      | Command
      | 'SlotOverlap'
      | 'SlotInPast'
      | 'PeriodBlocked'
      | 'RecruiterNotFound'
      | 'RecruiterInactive'
      | 'CityNotFound'
      | 'CityInactive'
      | 'CityNotLinked'
      | 'InvalidTimeZone'
      | 'Forbidden'
    >();
    expectTypeOf<ErrorsOf<Slotwise['slots']['withdraw']>>().toEqualTypeOf<Change | 'TooLate'>();
    expectTypeOf<ErrorsOf<Slotwise['recruiters']['archive']>>().toEqualTypeOf<
      | Change
      | 'TooLate'
      | 'StillBooked'
      | 'RecruiterNotFound'
      | 'CityNotFound'
      | 'TelegramIdTaken'
      | 'InvalidTimeZone'
    >();
  });

  it('changes of many slots', () => {
    expectTypeOf<ErrorsOf<Slotwise['slots']['publishSeries']>>().toEqualTypeOf<
      | Command
      | 'ItemsRefused'
      | 'RecruiterNotFound'
      | 'RecruiterInactive'
      | 'CityNotFound'
      | 'CityInactive'
      | 'CityNotLinked'
      | 'InvalidTimeZone'
      | 'Forbidden'
    >();
    type ChangeMany = Exclude<Change, 'InvalidTransition'> | 'ItemsRefused';
    expectTypeOf<ErrorsOf<Slotwise['slots']['withdrawMany']>>().toEqualTypeOf<ChangeMany>();
    expectTypeOf<ErrorsOf<Slotwise['slots']['moveMany']>>().toEqualTypeOf<ChangeMany>();
    expectTypeOf<ErrorsOf<Slotwise['slots']['reassignMany']>>().toEqualTypeOf<
      ChangeMany | 'RecruiterNotFound' | 'RecruiterInactive'
    >();
    expectTypeOf<ErrorsOf<Slotwise['slots']['purgePast']>>().toEqualTypeOf<Command | 'Forbidden'>();
  });

  it('blocked periods', () => {
    expectTypeOf<ErrorsOf<Slotwise['blocked']['add']>>().toEqualTypeOf<
      Command | 'Forbidden' | 'RecruiterNotFound' | 'CityNotFound'
    >();
    expectTypeOf<ErrorsOf<Slotwise['blocked']['remove']>>().toEqualTypeOf<
      Command | 'Forbidden' | 'BlockedPeriodNotFound'
    >();
    expectTypeOf<ErrorsOf<Slotwise['blocked']['list']>>().toEqualTypeOf<Storage>();
  });

  it('hold and reserve', () => {
    type Expected =
      | Change
      | 'SlotTaken'
      | 'SlotInPast'
      | 'CandidateNotFound'
      | 'CandidateInactive'
      | 'RecruiterNotFound'
      | 'RecruiterInactive'
      | 'CityNotFound'
      | 'CityInactive'
      | 'TooManyBookings'
      | 'TooLate'
      | 'TooEarly';
    expectTypeOf<ErrorsOf<Slotwise['booking']['hold']>>().toEqualTypeOf<Expected>();
    expectTypeOf<ErrorsOf<Slotwise['booking']['reserve']>>().toEqualTypeOf<Expected>();
  });

  it('commands on a booking', () => {
    type Of<Name extends keyof Slotwise['booking']> = ErrorsOf<Slotwise['booking'][Name]>;
    expectTypeOf<Of<'release'>>().toEqualTypeOf<Change>();
    expectTypeOf<Of<'approve'>>().toEqualTypeOf<Change | 'HoldExpired' | 'TooLate'>();
    expectTypeOf<Of<'reject'>>().toEqualTypeOf<Change | 'HoldExpired'>();
    expectTypeOf<Of<'confirm'>>().toEqualTypeOf<Change | 'HoldExpired' | 'TooLate'>();
    expectTypeOf<Of<'cancel'>>().toEqualTypeOf<
      Change | 'TooLate' | 'FreezeWindow' | 'RecruiterNotFound' | 'CityNotFound'
    >();
  });

  it('moves, offers and outcomes', () => {
    type Of<Name extends keyof Slotwise['booking']> = ErrorsOf<Slotwise['booking'][Name]>;
    type Take =
      | Change
      | 'SlotInPast'
      | 'CandidateNotFound'
      | 'CandidateInactive'
      | 'RecruiterNotFound'
      | 'RecruiterInactive'
      | 'CityNotFound'
      | 'CityInactive'
      | 'TooManyBookings'
      | 'TooLate'
      | 'TooEarly';
    type Move = Take | 'SlotTaken' | 'HoldExpired' | 'RescheduleLimit';
    expectTypeOf<Of<'offer'>>().toEqualTypeOf<Take | 'SlotTaken'>();
    expectTypeOf<Of<'reserveAny'>>().toEqualTypeOf<Take | 'NoSlotFree'>();
    expectTypeOf<Of<'reschedule'>>().toEqualTypeOf<Move | 'ApprovalRequired' | 'FreezeWindow'>();
    expectTypeOf<Of<'requestReschedule'>>().toEqualTypeOf<Move | 'ReschedulePending'>();
    type Decide = Move | 'RescheduleNotFound' | 'RescheduleDecided';
    expectTypeOf<Of<'approveReschedule'>>().toEqualTypeOf<Decide>();
    expectTypeOf<Of<'proposeAlternative'>>().toEqualTypeOf<Decide>();
    expectTypeOf<Of<'declineReschedule'>>().toEqualTypeOf<
      Change | 'CandidateNotFound' | 'RescheduleNotFound' | 'RescheduleDecided'
    >();
    expectTypeOf<Of<'recordOutcome'>>().toEqualTypeOf<Change | 'TooEarly'>();
    expectTypeOf<Of<'recordOutcomes'>>().toEqualTypeOf<Exclude<Change, 'Forbidden' | 'InvalidTransition'>>();
    expectTypeOf<Of<'expireDue'>>().toEqualTypeOf<Exclude<Change, 'Forbidden'>>();
  });

  it('reads', () => {
    expectTypeOf<ErrorsOf<Slotwise['read']['slots']['find']>>().toEqualTypeOf<RepositoryError['type']>();
    expectTypeOf<ErrorsOf<Slotwise['read']['slots']['get']>>().toEqualTypeOf<
      RepositoryError['type'] | 'SlotNotFound'
    >();
  });

  it('a transaction: those of its work and its own', () => {
    const run = (sdk: Slotwise) => sdk.transaction((uow) => uow.cities.get(1));
    expectTypeOf<ErrorsOf<typeof run>>().toEqualTypeOf<Storage | 'CityNotFound'>();
    const join = (uow: UnitOfWork) => uow.savepoint((inner) => inner.slots.delete(1));
    expectTypeOf<ErrorsOf<typeof join>>().toEqualTypeOf<Storage | 'SlotNotFound' | 'StillReferenced'>();
  });
});

const unhandled = (error: never): never => {
  throw new Error(String(error));
};

describe('an error', () => {
  type Reserve = ReturnType<Slotwise['booking']['reserve']> extends ResultAsync<unknown, infer E> ? E : never;

  it('is told apart by its type, exhaustively', () => {
    // A new error that nobody handles reaches the default, which does not compile.
    const inWords = (error: Reserve): string => {
      switch (error.type) {
        case 'SlotTaken':
          return `try ${error.alternatives.map(({ startsAt }) => startsAt.toJSON()).join()}`;
        case 'SlotInPast':
          return error.startsAt.toJSON();
        case 'TooLate':
          return error.deadline.toJSON();
        case 'TooEarly':
          return error.opensAt.toJSON();
        case 'TooManyBookings':
          return String(error.limit);
        case 'Validation':
          return `${error.field} ${error.message}`;
        case 'InvalidTransition':
          return `${error.command}: ${error.from} to ${error.to}`;
        case 'StaleVersion':
          return `${error.expected} is not ${error.actual}`;
        case 'UnitOfWorkState':
          return error.state;
        case 'Timeout':
          return error.waitedFor;
        case 'Database':
        case 'ConstraintViolation':
          return error.sqlState ?? error.operation;
        case 'CorruptRecord':
        case 'Unexpected':
          return error.message;
        case 'SlotNotFound':
        case 'CandidateNotFound':
        case 'CandidateInactive':
        case 'RecruiterNotFound':
        case 'RecruiterInactive':
        case 'BookingNotFound':
        case 'CityNotFound':
        case 'CityInactive':
          return String(error.id);
        case 'CandidateBusy':
        case 'DuplicateBooking':
        case 'SlotOverlap':
        case 'Forbidden':
          return error.type;
        case 'IdempotencyMismatch':
          return error.operation;
        default:
          return unhandled(error);
      }
    };
    expectTypeOf(inWords).returns.toEqualTypeOf<string>();
  });

  it('of any operation can be described', () => {
    expectTypeOf<Reserve | RepositoryError | TransactionError>().toExtend<SlotwiseError>();
  });

  it('cannot be missed', () => {
    const incomplete = (error: Reserve) => {
      if (error.type !== 'SlotTaken') return error;
      return undefined;
    };
    expectTypeOf<NonNullable<ReturnType<typeof incomplete>>['type']>().toEqualTypeOf<
      Exclude<Reserve['type'], 'SlotTaken'>
    >();
  });

  it('is readonly', () => {
    const change = (error: Reserve) => {
      // @ts-expect-error errors are data that nobody changes
      error.type = 'Forbidden';
    };
    expectTypeOf(change).toBeFunction();
  });
});

import { ResultAsync } from 'neverthrow';
import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { foundOr, well, type Check } from './check.ts';

const OLD_EVENT_MS = 5 * 60 * 1000;
/** Every relay looks once a second. */
const OLD_INVALIDATION_MS = 60 * 1000;

/** Whether what commits have left behind is brought to where it belongs. */
export const checkOutbox: Check = ({ eventQueue, invalidations }) =>
  ResultAsync.combine([eventQueue.backlog(), invalidations.backlog()]).map(([events, invalidation]) =>
    foundOr(
      [
        ...(events.oldestMs < OLD_EVENT_MS ? [] : [undelivered(events.waiting, events.oldestMs)]),
        ...(events.dead === 0 ? [] : [dead(events.dead)]),
        ...(invalidation.oldestMs < OLD_INVALIDATION_MS
          ? []
          : [untold(invalidation.rows, invalidation.oldestMs)]),
      ],
      well('outbox', 'events and invalidations are delivered'),
    ),
  );

const minutes = (ms: number): string => `${Math.floor(ms / 60_000)} min`;

const undelivered = (waiting: number, oldestMs: number): DoctorFinding => ({
  check: 'outbox',
  level: 'warning',
  message: `events wait to be delivered: ${waiting}, the oldest for ${minutes(oldestMs)}`,
  remedy: 'start a relay with sdk.outbox.relay(), or drop them with sdk.outbox.sweep() where nobody listens',
});

const dead = (count: number): DoctorFinding => ({
  check: 'outbox',
  level: 'warning',
  message: `events could not be delivered and were put aside: ${count}`,
  remedy: 'see `slotwise outbox dead`, then `outbox retry` or `outbox discard`',
});

const untold = (rows: number, oldestMs: number): DoctorFinding => ({
  check: 'outbox',
  level: 'warning',
  message: `commits have not been told to Redis: ${rows}, the oldest for ${minutes(oldestMs)}`,
  remedy: 'see `slotwise health`: they are told as soon as a process reaches Redis',
});

import type { AuditEntry } from '../../domain/audit/audit-entry.ts';
import type { BlockedPeriod } from '../../domain/blocked-period/blocked-period.ts';
import type { Booking } from '../../domain/booking/booking.ts';
import type { Candidate } from '../../domain/candidate/candidate.ts';
import type { City } from '../../domain/city/city.ts';
import type { DomainEvent } from '../../domain/event/domain-event.ts';
import type { MessageTemplate } from '../../domain/message-template/message-template.ts';
import type { Recruiter } from '../../domain/recruiter/recruiter.ts';
import type { RescheduleRequest } from '../../domain/reschedule/reschedule-request.ts';
import type { Instant } from '../../domain/shared/instant.ts';
import type { ActionToken } from '../../domain/token/action-token.ts';
import type { Slot } from '../../domain/slot/slot.ts';
import type { WaitlistEntry } from '../../domain/waitlist/waitlist-entry.ts';

/** What a command with an idempotency key has answered, as JSON; unset until it has. */
interface IdempotencyRecord {
  readonly id: number;
  readonly operation: string;
  readonly key: string;
  readonly fingerprint: string;
  readonly response: string | undefined;
  readonly expiresAt: Instant;
}

/** An event that nobody has delivered yet. */
interface QueuedEvent {
  readonly id: number;
  readonly event: DomainEvent;
  readonly attempts: number;
  readonly availableAt: Instant;
  readonly lastError: string | undefined;
  readonly deadAt: Instant | undefined;
}

/** One of the keys of an update that was worked on. */
interface InboxRow {
  readonly id: number;
  readonly name: string;
  readonly receivedAt: Instant;
}

export interface Rows {
  readonly cities: City;
  readonly recruiters: Recruiter;
  readonly candidates: Candidate;
  readonly slots: Slot;
  readonly bookings: Booking;
  readonly reschedules: RescheduleRequest;
  readonly blockedPeriods: BlockedPeriod;
  readonly waitlist: WaitlistEntry;
  readonly audit: AuditEntry;
  readonly templates: MessageTemplate;
  readonly events: QueuedEvent;
  readonly idempotency: IdempotencyRecord;
  readonly inbox: InboxRow;
  readonly tokens: ActionToken & { readonly hash: string };
}

export type TableName = keyof Rows;

/** All rows at one moment. Never changed, only replaced, so that a savepoint is a reference to an earlier one. */
export type Tables = { readonly [Name in TableName]: ReadonlyMap<number, Rows[Name]> };

export const emptyTables: Tables = {
  cities: new Map(),
  recruiters: new Map(),
  candidates: new Map(),
  slots: new Map(),
  bookings: new Map(),
  reschedules: new Map(),
  blockedPeriods: new Map(),
  waitlist: new Map(),
  audit: new Map(),
  events: new Map(),
  templates: new Map(),
  idempotency: new Map(),
  inbox: new Map(),
  tokens: new Map(),
};

export function withRows<Name extends TableName>(
  tables: Tables,
  name: Name,
  rows: readonly Rows[Name][],
): Tables {
  const all = new Map<number, Rows[Name]>(tables[name]);
  for (const row of rows) all.set(row.id, row);
  return { ...tables, [name]: all };
}

export function withoutRow(tables: Tables, name: TableName, id: number): Tables {
  const rows = new Map<number, Rows[TableName]>(tables[name]);
  rows.delete(id);
  return { ...tables, [name]: rows };
}

/** Whether a row other than `except` matches. */
export const someOther = <Row extends { readonly id: number }>(
  rows: ReadonlyMap<number, Row>,
  except: number | undefined,
  matches: (row: Row) => boolean,
): boolean => [...rows.values()].some((row) => row.id !== except && matches(row));

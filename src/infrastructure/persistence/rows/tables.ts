import { defineEntity, p, type InferKyselyDB, type Kysely } from '@mikro-orm/postgresql';

/**
 * The rows, apart from the domain classes. Ids are `bigint` columns; `during` and `occupied`, the generated ranges that
 * the exclusion constraints stand on, are left out because nothing reads them.
 */
export const CityRow = defineEntity({
  name: 'city',
  tableName: 'city',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string(),
    timeZone: p.string(),
    active: p.boolean(),
    policy: p.string().default('{}'),
    version: p.integer().default(1),
  },
});

export const RecruiterRow = defineEntity({
  name: 'recruiter',
  tableName: 'recruiter',
  properties: {
    id: p.integer().primary().autoincrement(),
    name: p.string(),
    timeZone: p.string(),
    telegramChatId: p.string().nullable(),
    active: p.boolean(),
    policy: p.string().default('{}'),
    version: p.integer().default(1),
  },
});

export const RecruiterCityRow = defineEntity({
  name: 'recruiter_city',
  tableName: 'recruiter_city',
  properties: { recruiterId: p.integer().primary(), cityId: p.integer().primary() },
});

export const CandidateRow = defineEntity({
  name: 'candidate',
  tableName: 'candidate',
  properties: {
    id: p.integer().primary().autoincrement(),
    fullName: p.string(),
    telegramId: p.string().nullable(),
    username: p.string().nullable(),
    phone: p.string().nullable(),
    timeZone: p.string().nullable(),
    active: p.boolean(),
    version: p.integer().default(1),
  },
});

export const SlotRow = defineEntity({
  name: 'slot',
  tableName: 'slot',
  properties: {
    id: p.integer().primary().autoincrement(),
    recruiterId: p.integer(),
    cityId: p.integer(),
    purpose: p.string(),
    timeZone: p.string(),
    startsAt: p.string(),
    endsAt: p.string(),
    occupiedFrom: p.string(),
    occupiedUntil: p.string(),
    policy: p.string().default('{}'),
    status: p.string().default('free'),
    candidateId: p.integer().nullable(),
    currentBookingId: p.integer().nullable(),
    holdExpiresAt: p.string().nullable(),
    version: p.integer().default(1),
  },
});

export const BookingRow = defineEntity({
  name: 'booking',
  tableName: 'booking',
  properties: {
    id: p.integer().primary().autoincrement(),
    slotId: p.integer(),
    candidateId: p.integer(),
    purpose: p.string(),
    state: p.string(),
    createdAt: p.string(),
    expiresAt: p.string().nullable(),
    approvedAt: p.string().nullable(),
    confirmedAt: p.string().nullable(),
    endedAt: p.string().nullable(),
    endedByKind: p.string().nullable(),
    endedById: p.integer().nullable(),
    endReason: p.string().nullable(),
    outcome: p.string().nullable(),
    movedFromId: p.integer().nullable(),
    movedToId: p.integer().nullable(),
    rescheduleCount: p.integer().default(0),
    version: p.integer().default(1),
  },
});

/** What somebody asked for, who must decide next, and what was decided. */
export const RescheduleRequestRow = defineEntity({
  name: 'reschedule_request',
  tableName: 'reschedule_request',
  properties: {
    id: p.integer().primary().autoincrement(),
    bookingId: p.integer(),
    candidateId: p.integer(),
    state: p.string().default('pending'),
    awaiting: p.string(),
    slotId: p.integer().nullable(),
    wantedFrom: p.string().nullable(),
    wantedUntil: p.string().nullable(),
    comment: p.string().nullable(),
    requestedByKind: p.string(),
    requestedById: p.integer().nullable(),
    createdAt: p.string(),
    decidedAt: p.string().nullable(),
    decidedByKind: p.string().nullable(),
    decidedById: p.integer().nullable(),
    decisionReason: p.string().nullable(),
    version: p.integer().default(1),
  },
});

/** Times in which nothing may be published. */
export const BlockedPeriodRow = defineEntity({
  name: 'blocked_period',
  tableName: 'blocked_period',
  properties: {
    id: p.integer().primary().autoincrement(),
    recruiterId: p.integer().nullable(),
    cityId: p.integer().nullable(),
    startsAt: p.string(),
    endsAt: p.string(),
    reason: p.string(),
    version: p.integer().default(1),
  },
});

/** The queues of candidates who wait for a slot. */
export const WaitlistEntryRow = defineEntity({
  name: 'waitlist_entry',
  tableName: 'waitlist_entry',
  properties: {
    id: p.integer().primary().autoincrement(),
    candidateId: p.integer(),
    cityId: p.integer(),
    recruiterId: p.integer().nullable(),
    purpose: p.string(),
    wantedFrom: p.string().nullable(),
    wantedUntil: p.string().nullable(),
    status: p.string().default('waiting'),
    joinedAt: p.string(),
    bookingId: p.integer().nullable(),
    endedAt: p.string().nullable(),
    version: p.integer().default(1),
  },
});

/** What was done, by whom: one row for every transition, which never changes. */
export const AuditEntryRow = defineEntity({
  name: 'audit_entry',
  tableName: 'audit_entry',
  properties: {
    id: p.integer().primary().autoincrement(),
    at: p.string(),
    entity: p.string(),
    entityId: p.integer(),
    action: p.string(),
    fromState: p.string().nullable(),
    toState: p.string().nullable(),
    bookingId: p.integer().nullable(),
    bookingFrom: p.string().nullable(),
    bookingTo: p.string().nullable(),
    candidateId: p.integer().nullable(),
    actorKind: p.string(),
    actorId: p.integer().nullable(),
    reason: p.string().nullable(),
    correlationId: p.string().nullable(),
    data: p.string(),
  },
});

/** Events that a committed transaction left for those who are to be told, and that nobody has delivered yet. */
export const EventMessageRow = defineEntity({
  name: 'event_message',
  tableName: 'event_message',
  properties: {
    id: p.integer().primary().autoincrement(),
    type: p.string(),
    aggregate: p.string(),
    occurredAt: p.string(),
    correlationId: p.string().nullable(),
    payload: p.string(),
    attempts: p.integer().default(0),
    availableAt: p.string().defaultRaw('clock_timestamp()'),
    lastError: p.string().nullable(),
    deadAt: p.string().nullable(),
  },
});

/** Every version of every text; see the migration for what makes a text one. */
export const MessageTemplateRow = defineEntity({
  name: 'message_template',
  tableName: 'message_template',
  properties: {
    id: p.integer().primary().autoincrement(),
    key: p.string(),
    locale: p.string(),
    channel: p.string(),
    cityId: p.integer().nullable(),
    body: p.string(),
    version: p.integer(),
    active: p.boolean(),
    updatedBy: p.string().nullable(),
    createdAt: p.string().defaultRaw('clock_timestamp()'),
  },
});

/** What a command with an idempotency key has answered. */
export const IdempotencyRecordRow = defineEntity({
  name: 'idempotency_record',
  tableName: 'idempotency_record',
  properties: {
    id: p.integer().primary().autoincrement(),
    operation: p.string(),
    key: p.string(),
    fingerprint: p.string(),
    response: p.string().nullable(),
    createdAt: p.string().defaultRaw('clock_timestamp()'),
    expiresAt: p.string(),
  },
});

/** What has come in from outside and was worked on. */
export const InboxUpdateRow = defineEntity({
  name: 'inbox_update',
  tableName: 'inbox_update',
  properties: {
    id: p.integer().primary().autoincrement(),
    source: p.string(),
    kind: p.string(),
    key: p.string(),
    receivedAt: p.string().defaultRaw('clock_timestamp()'),
  },
});

/** Single-use tokens, by the hash of each. */
export const ActionTokenRow = defineEntity({
  name: 'action_token',
  tableName: 'action_token',
  properties: {
    id: p.integer().primary().autoincrement(),
    tokenHash: p.string(),
    action: p.string(),
    bookingId: p.integer().nullable(),
    data: p.string(),
    issuedAt: p.string(),
    expiresAt: p.string(),
    usedAt: p.string().nullable(),
  },
});

/** The invalidation outbox: anchors a committed transaction changed and that no node has bumped yet. */
export const InvalidationRow = defineEntity({
  name: 'invalidation',
  tableName: 'invalidation',
  properties: {
    id: p.integer().primary().autoincrement(),
    anchors: p.array(),
    createdAt: p.string().defaultRaw('clock_timestamp()'),
  },
});

export const rowSchemas = [
  CityRow,
  RecruiterRow,
  RecruiterCityRow,
  CandidateRow,
  SlotRow,
  BookingRow,
  RescheduleRequestRow,
  BlockedPeriodRow,
  WaitlistEntryRow,
  AuditEntryRow,
  EventMessageRow,
  MessageTemplateRow,
  IdempotencyRecordRow,
  InboxUpdateRow,
  ActionTokenRow,
  InvalidationRow,
] as const;

export type Tables = InferKyselyDB<(typeof rowSchemas)[number]>;

/** The query builder, bound to the SDK's schema and to a connection or an open transaction. */
export type Db = Kysely<Tables>;

/** A statement as it goes to PostgreSQL. */
export type CompiledQuery = ReturnType<ReturnType<Db['selectFrom']>['compile']>;

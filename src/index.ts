export { err, errAsync, ok, okAsync, Result, ResultAsync } from 'neverthrow';

export { createSlotwise } from './infrastructure/create-slotwise.ts';
export {
  createCache,
  type StandaloneCache,
  type StandaloneCacheOptions,
} from './infrastructure/create-cache.ts';
export { optionsFromEnv } from './infrastructure/config/options-from-env.ts';
export { systemClock } from './infrastructure/config/system-clock.ts';
export type {
  ActionTokens,
  BlockedPeriodUseCases,
  BookingUseCases,
  CandidateUseCases,
  CityUseCases,
  CloseOptions,
  Idempotency,
  Inbox,
  MigrationReport,
  Outbox,
  RecruiterUseCases,
  Slotwise,
  SlotUseCases,
  TemplateUseCases,
  WaitlistUseCases,
} from './infrastructure/slotwise.ts';
export type {
  BorrowedDatabaseOptions,
  BreakerOptions,
  CacheOptions,
  EmbeddedDatabaseOptions,
  PoolOptions,
  RedisClusterOptions,
  RedisHost,
  RedisNatMap,
  RedisSentinelOptions,
  RedisTlsOptions,
  ServerDatabaseOptions,
  SlotwiseOptions,
} from './infrastructure/config/options.ts';
export type {
  ConfigError,
  DatabaseUnreachable,
  MissingPackage,
  StartupError,
} from './infrastructure/config/errors.ts';

export type { BatchLoader, Loaders } from './application/ports/loaders.ts';

export type {
  CommitError,
  CommitReport,
  Isolation,
  RunTransaction,
  TransactionError,
  TransactionOptions,
  UnexpectedError,
  UnitOfWork,
  UnitOfWorkOptions,
} from './application/ports/unit-of-work.ts';
export type {
  Cache,
  CacheEntryOptions,
  CacheLoadOptions,
  CacheUnavailable,
  InvalidateOptions,
  InvalidationTarget,
  TargetError,
  UnknownFamily,
  UnresolvedPlaceholder,
} from './application/ports/cache.ts';
export type { CacheControl, CacheStats } from './application/ports/cache-control.ts';
export type {
  CacheContents,
  CacheInspection,
  CacheServer,
  ContentsOptions,
  FamilyContents,
  SlowCommand,
} from './application/ports/cache-inspection.ts';
export type { Clock } from './application/ports/clock.ts';
export type {
  CreateIndexesOptions,
  DatabaseActivity,
  Diagnostics,
  DoctorCheck,
  DoctorFinding,
  DoctorOptions,
  IndexOutcome,
  IndexReport,
  MaintainedTable,
  MaintenanceOptions,
  ResetStatements,
  StatementReport,
  StatementsNotCounted,
  TableReport,
  TopStatements,
} from './application/ports/diagnostics.ts';
export type {
  ExplainOptions,
  Explanation,
  PlanNode,
  QueryDiagnostics,
  Recommendation,
  RepeatedStatement,
  SlowStatement,
} from './application/ports/query-diagnostics.ts';
export type { LoggedStatement, QueryLog } from './application/ports/query-log.ts';
export type { DeadEvent, EventBacklog } from './application/ports/event-queue.ts';
export type { EventTransport } from './application/ports/event-transport.ts';
export type { EventOutbox } from './application/ports/event-outbox.ts';
export type { EventSubscriber } from './application/ports/event-publisher.ts';
export type { Claim, IdempotencyRecords, KeyedCommand } from './application/ports/idempotency-records.ts';
export type { Reports } from './application/ports/reports.ts';
export type {
  ComponentHealth,
  ComponentStatus,
  HealthOptions,
  HealthReport,
  ReplicaHealth,
} from './application/ports/health.ts';
export type {
  Activity,
  BreakerEvent,
  CacheLoadEvent,
  CacheReadEvent,
  Instrumentation,
  InvalidationEvent,
  ReadSource,
  StatementEvent,
  UnitOfWorkEvent,
  UseCaseEvent,
  Wrap,
} from './application/ports/instrumentation.ts';
export type {
  CompareHeapOptions,
  HeapComparison,
  HeapGrowth,
  HeapSnapshotError,
  HeapSnapshotFile,
  HeapSnapshotOptions,
  HeapUse,
} from './application/ports/heap-snapshots.ts';
export { silentLogger, type Logger } from './application/ports/logger.ts';
export type { MigrationPlan, PlannedMigration } from './application/ports/migration-plan.ts';
export type { PoolStatus, PoolUse, ServerConnections } from './application/ports/pool-status.ts';
export type {
  OpenRateLimiter,
  RateDecision,
  RateLimiter,
  RateLimiterOptions,
} from './application/ports/rate-limiter.ts';
export type { Readers } from './application/readers.ts';
export {
  readWithRelations,
  type RecruiterWithCities,
  type RelationReader,
  type SlotWithRelations,
} from './application/read-with-relations.ts';
export type { ReceiveOptions, Received } from './application/inbox/receive-once.ts';
export type { CommandError } from './application/run-command.ts';
export type { SweepError, SweepOptions, SweepReport } from './application/sweep.ts';
export type { IssuedToken, IssueTokenError, IssueTokenOptions } from './application/token/issue-token.ts';
export type { RedeemedToken, RedeemToken, RedeemTokenError } from './application/token/redeem-token.ts';
export type { UseCaseOptions } from './application/use-case.ts';
export { CacheInvalidator, type ListsOfSlot } from './application/caching/cache-invalidator.ts';
export type { WarmProgress } from './application/caching/counted-reads.ts';
export type { WarmOptions, WarmReport } from './application/caching/warm-cache.ts';
export {
  ttl,
  type CacheFamily,
  type CachePolicyName,
  type TtlOverrides,
} from './application/caching/cache-policies.ts';

export type { ActionData } from './infrastructure/actions/action-bytes.ts';
export type { ActionKey } from './infrastructure/actions/action-keys.ts';
export {
  decodeAction,
  type DecodeActionError,
  type DecodeActionOptions,
} from './infrastructure/actions/decode-action.ts';
export {
  encodeAction,
  type EncodeActionOptions,
  type NewActionData,
} from './infrastructure/actions/encode-action.ts';
export type { DrainOptions, DrainReport, OutboxRelay } from './infrastructure/events/event-relay.ts';
export type { RelayOptions } from './infrastructure/events/relay-options.ts';
export type { HostRows, RowError, RowsOf, RowStatements } from './infrastructure/persistence/host-rows.ts';
export { compareHeapSnapshots } from './infrastructure/observability/heap/compare-heap-snapshots.ts';
export { writeHeapSnapshot } from './infrastructure/observability/heap/write-heap-snapshot.ts';
export { activityChannelName, channelNames } from './infrastructure/observability/channels.ts';
export type {
  Evaluation,
  Finding,
  MeasureName,
  Target,
  Targets,
} from './infrastructure/observability/metrics/evaluate.ts';
export type { DurationSummary } from './infrastructure/observability/metrics/histogram.ts';
export type { HostUse } from './infrastructure/observability/metrics/host-use.ts';
export type { MetricsOptions } from './infrastructure/observability/metrics/metrics-options.ts';
export type { Metrics } from './infrastructure/observability/metrics/metrics.ts';
export type { ProcessUse } from './infrastructure/observability/metrics/process-use.ts';
export type { SourceCounts } from './infrastructure/observability/metrics/read-counts.ts';
export type {
  CacheMetrics,
  DatabaseMetrics,
  MetricsSummary,
  ReplicaUse,
} from './infrastructure/observability/metrics/summary.ts';
export {
  timed,
  type TimedDecorator,
  type TimedOptions,
} from './infrastructure/observability/metrics/timed.ts';
export type { Timer } from './infrastructure/observability/metrics/timer.ts';
export type { TimingSummary } from './infrastructure/observability/metrics/timing.ts';
export type { TimingsSummary } from './infrastructure/observability/metrics/timings.ts';
export {
  collectQueries,
  type CollectedWork,
} from './infrastructure/observability/statements/collect-queries.ts';
export {
  logQueries,
  logQueriesOf,
  type LogQueriesOptions,
} from './infrastructure/observability/statements/log-queries.ts';
export type { QueryOptions, RepeatOptions } from './infrastructure/observability/statements/query-options.ts';
export { buildKey, type KeyPart } from './infrastructure/host-cache/build-key.ts';
export type { CacheSource } from './infrastructure/host-cache/cache-of.ts';
export {
  cached,
  type CachedFunctionOptions,
  type CachedMethodOptions,
} from './infrastructure/host-cache/cached.ts';
export type { AsyncMethodDecorator } from './infrastructure/host-cache/decorate-method.ts';
export { invalidates, type InvalidatesOptions } from './infrastructure/host-cache/invalidates.ts';
export type { InvalidatingCallError } from './infrastructure/host-cache/invalidating.ts';
export type { CachedCallError, ReadPolicy } from './infrastructure/host-cache/read-policy.ts';
export type { TargetPolicy } from './infrastructure/host-cache/target-policy.ts';
export { withCache, type RepositoryPolicy } from './infrastructure/host-cache/with-cache.ts';

export type {
  AddBlockedPeriod,
  AddBlockedPeriodError,
  AddedBlockedPeriod,
} from './application/blocked-period/add-blocked-period.ts';
export type { ListBlockedPeriodsError } from './application/blocked-period/list-blocked-periods.ts';
export type {
  RemoveBlockedPeriod,
  RemoveBlockedPeriodError,
} from './application/blocked-period/remove-blocked-period.ts';
export type { ApproveBookingError } from './application/booking/approve-booking.ts';
export type { CancelBookingError } from './application/booking/cancel-booking.ts';
export type { ChangeBooking, ChangeBookingError } from './application/booking/change-booking.ts';
export type { ConfirmBookingError } from './application/booking/confirm-booking.ts';
export type { HoldSlot, HoldSlotError } from './application/booking/hold-slot.ts';
export type { ExpireDue, ExpireDueError, ExpireReport } from './application/booking/expire-due.ts';
export type { OfferSlot, OfferSlotError } from './application/booking/offer-slot.ts';
export type { RecordOutcome, RecordOutcomeError } from './application/booking/record-outcome.ts';
export type {
  RecordedOutcomes,
  RecordOutcomes,
  RecordOutcomesError,
  OutcomeNotRecorded,
} from './application/booking/record-outcomes.ts';
export type { RescheduleBooking, RescheduleBookingError } from './application/booking/reschedule-booking.ts';
export type { ReserveAny, ReserveAnyError } from './application/booking/reserve-any.ts';
export type {
  ApproveReschedule,
  ApproveRescheduleError,
} from './application/reschedule/approve-reschedule.ts';
export type {
  DeclineReschedule,
  DeclineRescheduleError,
} from './application/reschedule/decline-reschedule.ts';
export type {
  ProposeAlternative,
  ProposeAlternativeError,
} from './application/reschedule/propose-alternative.ts';
export type {
  RequestReschedule,
  RequestRescheduleError,
} from './application/reschedule/request-reschedule.ts';
export type { RejectBookingError } from './application/booking/reject-booking.ts';
export type { ReleaseBookingError } from './application/booking/release-booking.ts';
export type { ReserveSlot, ReserveSlotError } from './application/booking/reserve-slot.ts';
export type { EraseCandidate, EraseCandidateError } from './application/candidate/erase-candidate.ts';
export type {
  RenderedMessage,
  RenderMessage,
  RenderMessageError,
} from './application/message-template/render-message.ts';
export type { ChangedSlots, ChangeSlots } from './application/slot/bulk-change.ts';
export type { MoveSlots, MoveSlotsError, SlotNotMoved } from './application/slot/move-slots.ts';
export type { OfferingError } from './application/slot/offering.ts';
export type { PublishSeries, PublishSeriesError } from './application/slot/publish-series.ts';
export type {
  PurgedSlots,
  PurgePastSlots,
  PurgePastSlotsError,
} from './application/slot/purge-past-slots.ts';
export type {
  ReassignSlots,
  ReassignSlotsError,
  SlotNotReassigned,
} from './application/slot/reassign-slots.ts';
export type {
  AdjustedOccurrence,
  ConflictingOccurrence,
  SeriesReport,
  SkippedOccurrence,
  SlotNotPublished,
} from './application/slot/series-report.ts';
export type { SlotNotWithdrawn, WithdrawSlotsError } from './application/slot/withdraw-slots.ts';
export type { JoinWaitlist, JoinWaitlistError } from './application/waitlist/join-waitlist.ts';
export type { LeaveWaitlist, LeaveWaitlistError } from './application/waitlist/leave-waitlist.ts';
export type { ListWaitlistError } from './application/waitlist/list-waitlist.ts';
export type { OfferNext, OfferNextError, WaitlistOffer } from './application/waitlist/offer-next.ts';
export type { FutureSlots } from './application/archive/free-of-bookings.ts';
export type { ArchiveCity, ArchiveCityError, ArchivedCity } from './application/city/archive-city.ts';
export type { RestoreCity, RestoreCityError } from './application/city/restore-city.ts';
export type {
  ArchivedRecruiter,
  ArchiveRecruiter,
  ArchiveRecruiterError,
} from './application/recruiter/archive-recruiter.ts';
export type { RestoreRecruiter, RestoreRecruiterError } from './application/recruiter/restore-recruiter.ts';
export type { ChangeSlotPolicy, ChangeSlotPolicyError } from './application/slot/change-slot-policy.ts';
export type { PublishSlot, PublishSlotError } from './application/slot/publish-slot.ts';
export type { SlotViewer, ViewTimesError } from './application/slot/view-times.ts';
export type { WithdrawSlot, WithdrawSlotError } from './application/slot/withdraw-slot.ts';

export type { Validate } from './application/validation/validate.ts';
export type { ValidateFields } from './application/validation/validate-fields.ts';
export type {
  ActiveCandidateError,
  ActiveCityError,
  ActiveRecruiterError,
  LinkedRecruiter,
  RecruiterInCity,
  ValidatePeople,
} from './application/validation/validate-people.ts';
export type {
  FreeSlotError,
  SlotTimesInput,
  ValidateSlots,
} from './application/validation/validate-slots.ts';

export { describeError, isRetryable, type SlotwiseError } from './application/errors.ts';
export { healthHttpStatus } from './application/health/health-report.ts';
export { httpStatusOf } from './application/http-status.ts';
export type { Forbidden, Actor, ActorKind } from './domain/shared/actor.ts';
export type {
  AddManyOptions,
  BatchOptions,
  ItemsRefused,
  OnConflict,
  RefusedItem,
} from './domain/shared/bulk.ts';
export { Instant, type InstantInput } from './domain/shared/instant.ts';
export type { TimeRange } from './domain/shared/time-range.ts';
export { parseTimeZone, type InvalidTimeZone, type TimeZoneId } from './domain/shared/time-zone.ts';
export { parseTelegramId, type TelegramId } from './domain/shared/telegram-id.ts';
export {
  parseBlockedPeriodId,
  parseBookingId,
  parseCandidateId,
  parseCityId,
  parseRecruiterId,
  parseRescheduleRequestId,
  parseSlotId,
  parseTemplateId,
  type BlockedPeriodId,
  parseWaitlistEntryId,
  type BookingId,
  type CandidateId,
  type CityId,
  type IdInput,
  type RecruiterId,
  type RescheduleRequestId,
  type SlotId,
  type TemplateId,
  type WaitlistEntryId,
} from './domain/shared/id.ts';
export type { CursorRequest, NumberedRequest, Page, PageRequest } from './domain/shared/page.ts';
export type { ValidationError } from './domain/shared/validation-error.ts';
export type {
  ConstraintViolation,
  CorruptRecord,
  DatabaseError,
  RepositoryError,
  StaleVersion,
  StillReferenced,
  TimeoutError,
  UnitOfWorkStateError,
} from './domain/shared/repository-error.ts';

export type { City, NewCity } from './domain/city/city.ts';
export type { CityExists, CityInactive, CityNotFound } from './domain/city/city-errors.ts';
export type {
  AddCityError,
  CityAvailability,
  CityFilter,
  CityReader,
  CityRepository,
} from './domain/city/city-repository.ts';
export type { NewRecruiter, Recruiter } from './domain/recruiter/recruiter.ts';
export type {
  CityNotLinked,
  RecruiterInactive,
  RecruiterNotFound,
} from './domain/recruiter/recruiter-errors.ts';
export type {
  AddRecruiterError,
  FreeSlotFilter,
  RecruiterFilter,
  RecruiterReader,
  RecruiterRepository,
} from './domain/recruiter/recruiter-repository.ts';
export type { Candidate, NewCandidate, TelegramCandidate } from './domain/candidate/candidate.ts';
export type {
  CandidateHasBookings,
  CandidateInactive,
  CandidateNotFound,
  TelegramIdTaken,
} from './domain/candidate/candidate-errors.ts';
export type {
  AddCandidateError,
  CandidateFilter,
  CandidateReader,
  CandidateRepository,
  UpsertedCandidate,
} from './domain/candidate/candidate-repository.ts';
export type { MessageTemplate, NewMessageTemplate } from './domain/message-template/message-template.ts';
export type {
  MessageTemplateReader,
  MessageTemplateRepository,
  PublishVersionOptions,
  TemplateFilter,
} from './domain/message-template/message-template-repository.ts';
export { builtInTemplateKeys } from './domain/message-template/built-in-texts.ts';
export type { TemplateVariables } from './domain/message-template/render-template.ts';
export type { ResolvedTemplate } from './domain/message-template/resolve-template.ts';
export { templateChannels, type TemplateChannel } from './domain/message-template/template-channel.ts';
export type {
  MissingVariable,
  TemplateExists,
  TemplateNotFound,
} from './domain/message-template/template-errors.ts';
export type { TemplateName, TemplateNameInput } from './domain/message-template/template-name.ts';
export {
  timeView,
  type ClockChange,
  type LocalTimes,
  type TimeView,
  type ViewerZones,
  type ZoneSource,
} from './domain/slot/time-view.ts';
export type { BlockedPeriod, NewBlockedPeriod } from './domain/blocked-period/blocked-period.ts';
export type { BlockedPeriodNotFound, PeriodBlocked } from './domain/blocked-period/blocked-period-errors.ts';
export type {
  BlockedPeriodFilter,
  BlockedPeriodRepository,
} from './domain/blocked-period/blocked-period-repository.ts';
export type { DstChoice, DstTouch } from './domain/shared/local-time.ts';
export type { LocalWindow, SeriesTimes } from './domain/slot/series.ts';
export type { NewSlot, Slot, SlotDraft } from './domain/slot/slot.ts';
export type { SlotStatus } from './domain/slot/slot-status.ts';
export type {
  CandidateBusy,
  DuplicateBooking,
  NoSlotFree,
  SlotInPast,
  SlotNotFound,
  SlotOverlap,
  SlotTaken,
} from './domain/slot/slot-errors.ts';
export type { ClaimStrategy, ClaimTerms, SlotClaim } from './domain/slot/slot-claim.ts';
export type {
  AddSlotError,
  PastSlots,
  SlotConflict,
  SlotReader,
  SlotRepository,
} from './domain/slot/slot-repository.ts';
export type { Availability } from './domain/slot/availability.ts';
export type { AgendaRange, SlotFilter, SlotQueries, SlotStatusSummary } from './domain/slot/slot-queries.ts';
export type { StillBooked } from './domain/slot/still-booked.ts';
export type { Booking } from './domain/booking/booking.ts';
export type { BookingOutcome, BookingState } from './domain/booking/booking-state.ts';
export {
  transitions,
  type BookingCommand,
  type InvalidTransition,
} from './domain/booking/booking-transitions.ts';
export type {
  ApprovalRequired,
  BookingNotFound,
  FreezeWindow,
  HoldExpired,
  RescheduleLimit,
  TooEarly,
  TooLate,
  TooManyBookings,
} from './domain/booking/booking-errors.ts';
export {
  defaultBookingPolicy,
  type BookingPolicy,
  type PolicyOverrides,
} from './domain/booking/booking-policy.ts';
export type { PendingFilter } from './domain/reschedule/pending-filter.ts';
export type {
  RescheduleDecided,
  RescheduleNotFound,
  ReschedulePending,
} from './domain/reschedule/reschedule-errors.ts';
export type { RescheduleRepository } from './domain/reschedule/reschedule-repository.ts';
export type { NewRescheduleRequest, RescheduleRequest } from './domain/reschedule/reschedule-request.ts';
export type { BookingSide, RescheduleState } from './domain/reschedule/reschedule-state.ts';
export type { RescheduleWish } from './domain/reschedule/reschedule-wish.ts';
export type {
  BookingCounts,
  BookingFigures,
  BookingShares,
  DurationPercentiles,
} from './domain/report/booking-figures.ts';
export type {
  BookingReport,
  BookingReportGroup,
  BookingReportGrouping,
  BookingReportQuery,
} from './domain/report/booking-report.ts';
export type { BookingFilter, BookingQueries } from './domain/booking/booking-queries.ts';
export type { BookingRepository } from './domain/booking/booking-repository.ts';
export type { NewWaitlistEntry, WaitlistEntry, WaitlistStatus } from './domain/waitlist/waitlist-entry.ts';
export type {
  AlreadyWaiting,
  WaitlistEntryEnded,
  WaitlistEntryNotFound,
} from './domain/waitlist/waitlist-errors.ts';
export type { WaitlistFilter, WaitlistRepository } from './domain/waitlist/waitlist-repository.ts';
export type { AuditedEntity, AuditEntry, NewAuditEntry } from './domain/audit/audit-entry.ts';
export {
  replay,
  type BrokenTrail,
  type ReplayedBooking,
  type ReplayedSlot,
  type ReplayedState,
} from './domain/audit/replay.ts';
export type { AuditReader, AuditRepository, AuditSubject } from './domain/audit/audit-repository.ts';
export type {
  BookingEventData,
  ChangedSlotEventData,
  DomainEvent,
  EventData,
  EventOf,
  EventType,
  NewEvent,
  RescheduleEventData,
  SlotEventData,
  WaitlistEventData,
} from './domain/event/domain-event.ts';
export type { IdempotencyMismatch } from './domain/idempotency/idempotency-errors.ts';
export type { IncomingUpdate, UpdateKeys } from './domain/inbox/incoming-update.ts';
export type { InboxRepository } from './domain/inbox/inbox-repository.ts';
export type { ActionToken, ActionTokenDraft, NewActionToken } from './domain/token/action-token.ts';
export type { ActionTokenRepository } from './domain/token/action-token-repository.ts';
export type {
  ActionExpired,
  ActionTampered,
  ActionTooLong,
  UnknownActionKey,
} from './domain/token/action-data-errors.ts';
export type { TokenExpired, TokenMismatch, TokenNotFound, TokenUsed } from './domain/token/token-errors.ts';
export type { Standing } from './domain/booking/transition-booking.ts';

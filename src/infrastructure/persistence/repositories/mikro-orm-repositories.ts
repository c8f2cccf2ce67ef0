import type { Clock } from '../../../application/ports/clock.ts';
import type { RepositoryContext } from './entity-rows.ts';
import { MikroOrmActionTokenRepository } from './mikro-orm-action-token-repository.ts';
import { MikroOrmAuditRepository } from './mikro-orm-audit-repository.ts';
import { MikroOrmBlockedPeriodRepository } from './mikro-orm-blocked-period-repository.ts';
import { MikroOrmBookingRepository } from './mikro-orm-booking-repository.ts';
import { MikroOrmCandidateRepository } from './mikro-orm-candidate-repository.ts';
import { MikroOrmCityRepository } from './mikro-orm-city-repository.ts';
import { MikroOrmEventOutbox } from './mikro-orm-event-outbox.ts';
import { MikroOrmMessageTemplateRepository } from './mikro-orm-message-template-repository.ts';
import { MikroOrmIdempotencyRecords } from './mikro-orm-idempotency-records.ts';
import { MikroOrmInboxRepository } from './mikro-orm-inbox-repository.ts';
import { MikroOrmRecruiterRepository } from './mikro-orm-recruiter-repository.ts';
import { MikroOrmRescheduleRepository } from './mikro-orm-reschedule-repository.ts';
import { MikroOrmSlotRepository } from './mikro-orm-slot-repository.ts';
import { MikroOrmWaitlistRepository } from './mikro-orm-waitlist-repository.ts';

/** All repositories over one session. */
export function mikroOrmRepositories(context: RepositoryContext, schema: string, clock: Clock) {
  const slots = new MikroOrmSlotRepository(context, schema, clock);
  const bookings = new MikroOrmBookingRepository(context, slots, schema);
  return {
    recruiters: new MikroOrmRecruiterRepository(context, schema),
    cities: new MikroOrmCityRepository(context, schema),
    slots,
    bookings,
    blockedPeriods: new MikroOrmBlockedPeriodRepository(context, bookings, schema),
    candidates: new MikroOrmCandidateRepository(context, schema),
    templates: new MikroOrmMessageTemplateRepository(context),
    reschedules: new MikroOrmRescheduleRepository(context),
    waitlist: new MikroOrmWaitlistRepository(context),
    audit: new MikroOrmAuditRepository(context),
    events: new MikroOrmEventOutbox(context),
    idempotency: new MikroOrmIdempotencyRecords(context),
    inbox: new MikroOrmInboxRepository(context),
    tokens: new MikroOrmActionTokenRepository(context),
  };
}

import { suiteOf, type ContractSuite } from './contract-subject.ts';
import { actionTokenContract } from './use-case/action-token-contract.ts';
import { auditContract } from './use-case/audit-contract.ts';
import { correlationContract } from './use-case/correlation-contract.ts';
import { blockedPeriodsContract } from './use-case/blocked-periods-contract.ts';
import { archiveContract } from './use-case/archive-contract.ts';
import { changeBookingContract } from './use-case/change-booking-contract.ts';
import { changeSlotsContract } from './use-case/change-slots-contract.ts';
import { deadlinesContract } from './use-case/deadlines-contract.ts';
import { eraseContract } from './use-case/erase-contract.ts';
import { eventsContract } from './use-case/events-contract.ts';
import { expiryContract } from './use-case/expiry-contract.ts';
import { expireDueContract } from './use-case/expire-due-contract.ts';
import { offerContract } from './use-case/offer-contract.ts';
import { outcomeContract } from './use-case/outcome-contract.ts';
import { idempotencyContract } from './use-case/idempotency-contract.ts';
import { inboxContract } from './use-case/inbox-contract.ts';
import { outboxContract } from './use-case/outbox-contract.ts';
import { policyContract } from './use-case/policy-contract.ts';
import { policyLayersContract } from './use-case/policy-layers-contract.ts';
import { publishContract } from './use-case/publish-contract.ts';
import { renderContract } from './use-case/render-contract.ts';
import { rescheduleContract } from './use-case/reschedule-contract.ts';
import { rescheduleRequestContract } from './use-case/reschedule-request-contract.ts';
import { reserveAnyContract } from './use-case/reserve-any-contract.ts';
import { publishSeriesContract } from './use-case/publish-series-contract.ts';
import { takeSlotContract } from './use-case/take-slot-contract.ts';
import { takeSlotRefusalsContract } from './use-case/take-slot-refusals-contract.ts';
import { timeViewContract } from './use-case/time-view-contract.ts';
import { validateContract } from './use-case/validate-contract.ts';
import { waitlistContract } from './use-case/waitlist-contract.ts';
import { withdrawContract } from './use-case/withdraw-contract.ts';

/** What the use cases do, and that they write nothing when they answer an error. */
export const useCaseContract: ContractSuite = suiteOf(
  'use cases',
  publishContract,
  publishSeriesContract,
  withdrawContract,
  changeSlotsContract,
  blockedPeriodsContract,
  takeSlotContract,
  takeSlotRefusalsContract,
  changeBookingContract,
  deadlinesContract,
  policyContract,
  policyLayersContract,
  expiryContract,
  eraseContract,
  renderContract,
  timeViewContract,
  validateContract,
  offerContract,
  outcomeContract,
  reserveAnyContract,
  rescheduleContract,
  rescheduleRequestContract,
  expireDueContract,
  auditContract,
  correlationContract,
  idempotencyContract,
  inboxContract,
  actionTokenContract,
  eventsContract,
  outboxContract,
  waitlistContract,
  archiveContract,
);

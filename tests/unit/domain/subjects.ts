import { Booking, type BookingProps } from '../../../src/domain/booking/booking.ts';
import { isLive, type BookingState } from '../../../src/domain/booking/booking-state.ts';
import { Candidate } from '../../../src/domain/candidate/candidate.ts';
import { City } from '../../../src/domain/city/city.ts';
import { MessageTemplate } from '../../../src/domain/message-template/message-template.ts';
import { Recruiter } from '../../../src/domain/recruiter/recruiter.ts';
import type {
  BookingId,
  CandidateId,
  CityId,
  RecruiterId,
  SlotId,
  TemplateId,
} from '../../../src/domain/shared/id.ts';
import { Instant } from '../../../src/domain/shared/instant.ts';
import type { TelegramId } from '../../../src/domain/shared/telegram-id.ts';
import { MINUTE } from '../../../src/domain/shared/time-range.ts';
import type { TimeZoneId } from '../../../src/domain/shared/time-zone.ts';
import { isOccupied, type SlotStatus } from '../../../src/domain/slot/slot-status.ts';
import { Slot, type SlotProps } from '../../../src/domain/slot/slot.ts';

export const now = Instant.parse('2030-01-07T09:00:00Z')._unsafeUnwrap();
const berlin = 'Europe/Berlin' as TimeZoneId;

export const city = new City({
  id: 1 as CityId,
  name: 'Berlin',
  timeZone: berlin,
  active: true,
  policy: {},
  version: 1,
});

export const recruiter = new Recruiter({
  id: 2 as RecruiterId,
  name: 'Ann',
  timeZone: berlin,
  cityIds: [1 as CityId],
  telegramChatId: '-100' as TelegramId,
  active: true,
  policy: {},
  version: 1,
});

export const candidate = new Candidate({
  id: 3 as CandidateId,
  fullName: 'Ben',
  telegramId: '500' as TelegramId,
  username: 'ben',
  phone: undefined,
  timeZone: undefined,
  active: true,
  version: 1,
});

export const template = new MessageTemplate({
  id: 6 as TemplateId,
  key: 'greeting',
  locale: 'en',
  channel: 'plain',
  cityId: city.id,
  body: 'Hello, {candidate}!',
  version: 1,
  active: true,
  updatedBy: undefined,
  createdAt: now,
});

/** A slot tomorrow, as far as its status asks for it occupied by the booking below. */
export function slotIn(status: SlotStatus, props: Partial<SlotProps> = {}): Slot {
  const startsAt = now.plus(24 * 60 * MINUTE);
  const occupied = isOccupied(status);
  return new Slot({
    id: 4 as SlotId,
    recruiterId: recruiter.id,
    cityId: city.id,
    purpose: 'interview',
    timeZone: berlin,
    startsAt,
    endsAt: startsAt.plus(30 * MINUTE),
    occupiedFrom: startsAt,
    occupiedUntil: startsAt.plus(30 * MINUTE),
    policy: {},
    status,
    candidateId: occupied ? candidate.id : undefined,
    currentBookingId: occupied ? (5 as BookingId) : undefined,
    holdExpiresAt: status === 'pending' ? now.plus(5 * MINUTE) : undefined,
    version: 1,
    ...props,
  });
}

export function bookingIn(state: BookingState, props: Partial<BookingProps> = {}): Booking {
  const pending = state === 'held' || state === 'offered' || state === 'requested';
  return new Booking({
    id: 5 as BookingId,
    slotId: 4 as SlotId,
    candidateId: candidate.id,
    purpose: 'interview',
    state,
    createdAt: now,
    expiresAt: pending ? now.plus(5 * MINUTE) : undefined,
    approvedAt: undefined,
    confirmedAt: undefined,
    endedAt: isLive(state) ? undefined : now,
    endedBy: isLive(state) ? undefined : { kind: 'system' },
    endReason: undefined,
    outcome: undefined,
    movedFromId: undefined,
    movedToId: undefined,
    rescheduleCount: 0,
    version: 1,
    ...props,
  });
}

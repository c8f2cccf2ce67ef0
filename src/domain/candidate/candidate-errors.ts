import type { BookingId, CandidateId } from '../shared/id.ts';
import type { TelegramId } from '../shared/telegram-id.ts';

export interface CandidateNotFound {
  readonly type: 'CandidateNotFound';
  readonly id: CandidateId;
}

/** The candidate was archived. */
export interface CandidateInactive {
  readonly type: 'CandidateInactive';
  readonly id: CandidateId;
}

/** Another candidate, or another recruiter, already has this Telegram id. */
export interface TelegramIdTaken {
  readonly type: 'TelegramIdTaken';
  readonly telegramId: TelegramId;
}

/** The candidate has bookings ahead, which must be canceled first. */
export interface CandidateHasBookings {
  readonly type: 'CandidateHasBookings';
  readonly candidateId: CandidateId;
  readonly bookingIds: readonly BookingId[];
}

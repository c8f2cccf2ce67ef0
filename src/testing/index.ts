export { createInMemorySlotwise, type InMemorySlotwiseOptions } from './create-in-memory-slotwise.ts';
export { settableClock, type SettableClock } from './settable-clock.ts';

export { seedBoard, type Board, type SeedBoard, type SeedBoardError } from './seeds/seed-board.ts';
export { seedBooking, type SeedBooking, type SeedBookingError } from './seeds/seed-booking.ts';
export { seedCandidate, type SeedCandidateError } from './seeds/seed-candidate.ts';
export { seedCity, type SeedCityError } from './seeds/seed-city.ts';
export { seedRecruiter, type SeedRecruiterError } from './seeds/seed-recruiter.ts';
export { seedSlot, type SeedSlot, type SeedSlotError } from './seeds/seed-slot.ts';

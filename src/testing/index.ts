export { createInMemorySlotwise, type InMemorySlotwiseOptions } from './create-in-memory-slotwise.ts';
export { settableClock, type SettableClock } from './settable-clock.ts';

export { seedBoard, type Board, type SeedBoard, type SeedBoardError } from './seeds/seed-board.ts';
export { seedBooking, type SeedBooking, type SeedBookingError } from './seeds/seed-booking.ts';
export { seedCandidate, type SeedCandidateError } from './seeds/seed-candidate.ts';
export { seedCity, type SeedCityError } from './seeds/seed-city.ts';
export { seedRecruiter, type SeedRecruiterError } from './seeds/seed-recruiter.ts';
export { seedTemplate, type SeedTemplateError } from './seeds/seed-template.ts';
export { seedSlot, type SeedSlot, type SeedSlotError } from './seeds/seed-slot.ts';

export type {
  ContractOptions,
  ContractSubject,
  ContractSuite,
  TestFramework,
} from './contract/contract-subject.ts';
export { availabilityContract } from './contract/availability-contract.ts';
export { bookingQueriesContract } from './contract/booking-queries-contract.ts';
export { bookingRepositoryContract } from './contract/booking-repository-contract.ts';
export { cacheContract } from './contract/cache-contract.ts';
export type { CacheSubject } from './contract/cache/cache-subject.ts';
export { candidateRepositoryContract } from './contract/candidate-repository-contract.ts';
export { cityRepositoryContract } from './contract/city-repository-contract.ts';
export { messageTemplateRepositoryContract } from './contract/message-template-repository-contract.ts';
export { recruiterRepositoryContract } from './contract/recruiter-repository-contract.ts';
export { reportsContract } from './contract/reports-contract.ts';
export { rescheduleRepositoryContract } from './contract/reschedule-repository-contract.ts';
export { slotClaimsContract } from './contract/slot-claims-contract.ts';
export { slotQueriesContract } from './contract/slot-queries-contract.ts';
export { slotRepositoryContract } from './contract/slot-repository-contract.ts';
export { slotwiseContract } from './contract/slotwise-contract.ts';
export { unitOfWorkContract } from './contract/unit-of-work-contract.ts';
export { useCaseContract } from './contract/use-case-contract.ts';

export { alwaysMissCache } from './always-miss-cache.ts';
export { ioredisMockCache } from './ioredis-mock-cache.ts';

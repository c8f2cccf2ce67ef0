import { addManyContract } from './add-many-contract.ts';
import { archiveManyContract } from './archive-many-contract.ts';
import { availabilityContract } from './availability-contract.ts';
import { bookingQueriesContract } from './booking-queries-contract.ts';
import { bookingRepositoryContract } from './booking-repository-contract.ts';
import { cacheOf } from './cache/cache-subject.ts';
import { cacheContract } from './cache-contract.ts';
import { candidateRepositoryContract } from './candidate-repository-contract.ts';
import { cityRepositoryContract } from './city-repository-contract.ts';
import { sharing, type ContractSuite } from './contract-subject.ts';
import { messageTemplateRepositoryContract } from './message-template-repository-contract.ts';
import { recruiterRepositoryContract } from './recruiter-repository-contract.ts';
import { reportsContract } from './reports-contract.ts';
import { rescheduleRepositoryContract } from './reschedule-repository-contract.ts';
import { slotClaimsContract } from './slot-claims-contract.ts';
import { slotQueriesContract } from './slot-queries-contract.ts';
import { slotRepositoryContract } from './slot-repository-contract.ts';
import { unitOfWorkContract } from './unit-of-work-contract.ts';
import { useCaseContract } from './use-case-contract.ts';

const suites = [
  cityRepositoryContract,
  recruiterRepositoryContract,
  candidateRepositoryContract,
  messageTemplateRepositoryContract,
  slotRepositoryContract,
  slotClaimsContract,
  addManyContract,
  archiveManyContract,
  bookingRepositoryContract,
  rescheduleRepositoryContract,
  slotQueriesContract,
  bookingQueriesContract,
  reportsContract,
  availabilityContract,
  unitOfWorkContract,
  useCaseContract,
];

/**
 * Everything the SDK promises, for one combination of storage and cache: all other suites, with one SDK per set of
 * policies. More than 200 tests; a few wait half a second for a hold to lapse.
 */
export const slotwiseContract: ContractSuite = (framework, subject) => {
  framework.describe('Slotwise', () => {
    const shared = sharing(subject);
    framework.afterAll(() => shared.disposeAll());
    for (const suite of suites) suite(framework, shared.subject);
    cacheContract(framework, cacheOf(shared.subject));
  });
};

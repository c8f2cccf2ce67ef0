import { suiteOf, type ContractSuite } from './contract-subject.ts';
import { failedStatementContract } from './unit-of-work/failed-statement-contract.ts';
import { lifecycleContract } from './unit-of-work/lifecycle-contract.ts';
import { loadingContract } from './unit-of-work/loading-contract.ts';
import { unitOfWorkOptionsContract } from './unit-of-work/options-contract.ts';
import { savepointContract } from './unit-of-work/savepoint-contract.ts';
import { transactionContract } from './unit-of-work/transaction-contract.ts';

/** What a `UnitOfWork` and `transaction` do. */
export const unitOfWorkContract: ContractSuite = suiteOf(
  'units of work',
  transactionContract,
  lifecycleContract,
  failedStatementContract,
  savepointContract,
  unitOfWorkOptionsContract,
  loadingContract,
);

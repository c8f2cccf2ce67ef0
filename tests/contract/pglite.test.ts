import { slotwiseContract } from '../../src/testing/index.ts';
import { framework, subjectOf } from './adapters.ts';

slotwiseContract(framework, {
  ...subjectOf({ database: { embedded: true }, cache: false }),
  cacheKeeps: false,
});

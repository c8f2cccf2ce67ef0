import { afterAll } from 'vitest';
import { slotwiseContract } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';
import { framework, subjectOf } from './adapters.ts';

describeWithPostgres('on a PostgreSQL server', () => {
  const database = new ScratchDatabase();

  afterAll(() => database[Symbol.asyncDispose]());

  slotwiseContract(framework, {
    ...subjectOf({ database: database.options, cache: false }),
    invalidation: 'deferred',
    cacheKeeps: false,
  });
});

import { afterAll } from 'vitest';
import { slotwiseContract } from '../../src/testing/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithServers, redisUrl } from '../support/services.ts';
import { dropKeys, framework, PATIENT_MS, subjectOf } from './adapters.ts';

describeWithServers('on a PostgreSQL server with Redis', () => {
  const database = new ScratchDatabase();
  const url = redisUrl();
  const prefix = database.schema;

  afterAll(async () => {
    await database[Symbol.asyncDispose]();
    await dropKeys(url, prefix);
  });

  slotwiseContract(
    framework,
    subjectOf({ database: database.options, cache: { url, prefix, commandTimeoutMs: PATIENT_MS } }),
  );
});

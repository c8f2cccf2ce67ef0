import { afterAll, beforeAll, describe, it } from 'vitest';
import { createInMemorySlotwise, slotwiseContract } from '../../src/testing/index.ts';

slotwiseContract(
  { describe, it, beforeAll, afterAll },
  { create: (options) => createInMemorySlotwise(options) },
);

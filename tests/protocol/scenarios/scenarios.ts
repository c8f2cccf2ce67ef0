import type { Scenario } from '../explore.ts';
import { memory } from './memory.ts';
import { outages } from './outages.ts';
import { reading } from './reading.ts';
import { sharing } from './sharing.ts';
import { unitsOfWork } from './units-of-work.ts';
import { withoutRedis } from './without-redis.ts';

export const scenarios: readonly Scenario[] = [
  ...reading,
  ...sharing,
  ...memory,
  ...outages,
  ...unitsOfWork,
  ...withoutRedis,
];

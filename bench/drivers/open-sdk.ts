import { orThrow } from '../../examples/support/or-throw.ts';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { MAX_ENTRIES, type Place, type SetUp } from './place.ts';

const l1 = { maxEntries: MAX_ENTRIES };

const cacheOf = {
  tiers: ({ redisUrl, prefix }) => ({ url: redisUrl, prefix, l1 }),
  memory: () => ({ l1 }),
  redis: ({ redisUrl, prefix }) => ({ url: redisUrl, prefix, l1: false }),
  database: () => false,
} as const satisfies Record<SetUp, (place: Place) => SlotwiseOptions['cache']>;

/** Opens the SDK as it is set up for a column. */
export async function openSdk(setUp: SetUp, place: Place): Promise<Slotwise> {
  const { databaseUrl: url, poolSize: max, schema } = place;
  return orThrow(
    await createSlotwise({ database: { url, schema, pool: { max } }, cache: cacheOf[setUp](place) }),
  );
}

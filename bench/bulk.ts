/**
 * How long it takes to store many slots in statements for each batch, beside storing them one by one. Prints figures
 * and ratios side by side from one run; whether the target is met does not change how the run ends.
 */
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { createSlotwise, type NewSlot, type Slotwise, type SlotwiseOptions } from '../src/index.ts';
import { seedBoard, type Board } from '../src/testing/index.ts';
import { Pool } from './drivers/pool.ts';
import { describeRun, findServices } from './services.ts';

const TARGET = 20;
const MINUTE = 60_000;

const { values: flags } = parseArgs({
  options: {
    /** Slots stored together, and one by one. */
    slots: { type: 'string', default: '10000' },
    /** Slots stored the other ways, which are there to compare. */
    sample: { type: 'string', default: '2000' },
  },
});

await main();
// Node does not end by itself when a socket was reset that had begun to end, which is what broken networks do.
process.exit();

async function main(): Promise<void> {
  const services = await findServices(process.env);
  const { postgres, redis } = services;
  console.log(`Storing ${flags.slots} slots; ${describeRun(services)}`);

  const schema = `slotwise_bulk_${randomBytes(4).toString('hex')}`;
  const place = { url: postgres.url, schema };
  try {
    await measure('without a cache', place, { cache: false });
    await measure('with Redis and memory', place, { cache: { url: redis.url, prefix: schema } });
  } finally {
    const pool = new Pool({ connectionString: postgres.url, max: 1 });
    await pool.query(`drop schema if exists ${schema} cascade`);
    await pool.end();
  }
}

async function measure(
  name: string,
  place: { readonly url: string; readonly schema: string },
  options: SlotwiseOptions,
): Promise<void> {
  const [count, sample] = [Number(flags.slots), Number(flags.sample)];
  await using sdk = (await createSlotwise({ database: place, ...options }))._unsafeUnwrap();
  (await sdk.migrate())._unsafeUnwrap();
  const ways = {
    'one by one, a transaction each': await perSlot(sdk, count, async (slots) => {
      for (const slot of slots) (await sdk.transaction((uow) => uow.slots.add(slot)))._unsafeUnwrap();
    }),
    'one by one, in one transaction': await perSlot(sdk, sample, async (slots) => {
      await using uow = sdk.unitOfWork();
      for (const slot of slots) (await uow.slots.add(slot))._unsafeUnwrap();
      (await uow.commit())._unsafeUnwrap();
    }),
    'slots.publish': await perSlot(sdk, sample, async (slots) => {
      for (const { timeZone: _city, ...slot } of slots) (await sdk.slots.publish(slot))._unsafeUnwrap();
    }),
    addMany: await perSlot(sdk, count, async (slots) => {
      (await sdk.transaction((uow) => uow.slots.addMany(slots)))._unsafeUnwrap();
    }),
    'slots.publishSeries': await perSlot(sdk, count, (slots, board) => publishSeries(sdk, slots, board)),
  };
  console.log(`\n${name}`);
  for (const [way, micros] of Object.entries(ways))
    console.log(`  ${way.padEnd(32)}${micros.toFixed(0).padStart(7)} µs a slot`);
  const ratio = ways['one by one, a transaction each'] / ways.addMany;
  console.log(
    `  addMany is ${ratio.toFixed(0)} times as fast as one by one (target: ${TARGET}, ${ratio >= TARGET ? 'met' : 'missed'})`,
  );
  console.log(
    `  publishSeries is ${(ways['slots.publish'] / ways['slots.publishSeries']).toFixed(0)} times as fast as publish`,
  );
}

/** Microseconds for each of so many slots, on a board that has none there. */
async function perSlot(
  sdk: Slotwise,
  slots: number,
  store: (slots: readonly NewSlot[], board: Board) => Promise<number | void>,
): Promise<number> {
  const board = (await seedBoard(sdk))._unsafeUnwrap();
  const wanted = Array.from({ length: slots }, (_, index) => slotAt(board, index));
  const startedAt = performance.now();
  const stored = (await store(wanted, board)) ?? slots;
  return ((performance.now() - startedAt) * 1_000) / stored;
}

/** A quarter of an hour each, one after the other. */
function slotAt({ recruiter, city, slot }: Board, index: number): NewSlot {
  const startsAt = slot.startsAt.plus((24 * 60 + index * 15) * MINUTE);
  return {
    recruiterId: recruiter.id,
    cityId: city.id,
    timeZone: city.timeZone,
    startsAt,
    endsAt: startsAt.plus(15 * MINUTE),
  };
}

/** About as many slots, of whole days; answers how many. */
async function publishSeries(sdk: Slotwise, { length }: readonly NewSlot[], board: Board): Promise<number> {
  const day = board.slot.startsAt.toZonedDateTime('UTC').toPlainDate().add({ days: 3 });
  const days = Math.max(1, Math.floor(length / (24 * 4)));
  const report = await sdk.slots.publishSeries({
    recruiterId: board.recruiter.id,
    cityId: board.city.id,
    firstDay: day.toString(),
    lastDay: day.add({ days: days - 1 }).toString(),
    windows: [{ from: '00:00', until: '24:00' }],
    slotMinutes: 15,
  });
  return report._unsafeUnwrap().created.length;
}

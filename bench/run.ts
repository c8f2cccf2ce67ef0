/**
 * How fast a slot is read by its id: from the SDK's caches, past them, and by what one would use without an SDK, all in
 * one run. Prints figures and ratios and judges nothing. `npm run bench -- --short` takes about fifteen seconds.
 */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import type { Contender } from './contenders/contender.ts';
import { ioredisContender } from './contenders/ioredis.ts';
import { mikroOrmContender } from './contenders/mikro-orm.ts';
import { pgContender } from './contenders/pg.ts';
import { openSubject, slotwiseContender } from './contenders/slotwise.ts';
import { measure, type Rates } from './measure.ts';
import { printRates, printRatios } from './report.ts';
import { findServices } from './services.ts';

const SLOTS = 100;
const CALLERS = [1, 100] as const;

const { values } = parseArgs({ options: { short: { type: 'boolean', default: false } } });
const { rounds, sliceMs } = values.short ? { rounds: 5, sliceMs: 120 } : { rounds: 11, sliceMs: 400 };

const { postgres, redis, leftOut } = await findServices(process.env);
const database = postgres === undefined ? ({ embedded: true } as const) : { url: postgres.url };

await using cleanUp = new AsyncDisposableStack();
const cached = await openSubject('l1', { database, cache: { l1: { maxEntries: 10_000 } } }, SLOTS, cleanUp);
const uncached = await openSubject('off', { database, cache: false }, SLOTS, cleanUp);
const shared = redis && (await openSubject('l2', { database, cache: { url: redis.url } }, SLOTS, cleanUp));

const l1 = slotwiseContender('Slotwise, L1', cached);
const l2 = shared && slotwiseContender('Slotwise, L2', shared);
const off = slotwiseContender('Slotwise, uncached', uncached);
const plainRedis = redis && shared && (await ioredisContender(redis.url, shared.name, shared.slots, cleanUp));
const plainPg = postgres && pgContender(postgres.url, uncached.name, cleanUp);
const mikroOrm = postgres && (await mikroOrmContender(postgres.url, uncached.name, cleanUp));
const contenders = [l1, l2, plainRedis, off, plainPg, mikroOrm].filter((one) => one !== undefined);

const ids = uncached.slots.map(({ id }) => Number(id));
for (const contender of contenders) await warmUp(contender);

console.log(
  `Reading one of ${SLOTS} slots by its id: ${rounds} rounds of ${sliceMs} ms each, taking turns; median [lowest – highest]`,
);
const servers = [
  postgres === undefined ? 'PGlite' : `PostgreSQL ${postgres.version}`,
  redis === undefined ? 'no Redis' : `Redis ${redis.version}`,
];
console.log([`Node ${process.versions.node}`, `${availableParallelism()} CPUs`, ...servers].join(', '));
for (const line of leftOut) console.log(line);

const columns = new Map<string, Rates>();
for (const callers of CALLERS)
  columns.set(`${callers} at a time`, await measure(contenders, { rounds, sliceMs, ids, callers }));
console.log();
printRates(columns);
console.log();
printRatios(columns, [
  [l1, l2],
  [l1, plainRedis],
  [l2, plainRedis],
  [l1, off],
  [l2, off],
  [l2, plainPg],
  [off, plainPg],
  [off, mikroOrm],
]);
console.log();
for (const { name, note } of contenders) if (note !== undefined) console.log(`${name}: ${note()}`);

/** Everything is read once, and must be what was asked for. */
async function warmUp(contender: Contender): Promise<void> {
  for (const id of ids) {
    const answered = contender.idOf(await contender.read(id));
    if (answered !== id) throw new Error(`${contender.name} answered slot ${answered} for slot ${id}`);
  }
}

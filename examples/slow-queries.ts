/** What statements cost: a list that is read one by one, a statement that takes too long, a plan, and what to do about it. */
import assert from 'node:assert/strict';
import { collectQueries, createSlotwise, ok, type QueryLog } from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(
  await createSlotwise({
    cache: false,
    metrics: { slowStatementMs: 50 },
    // For development: the same statement three times in one unit of work is reported.
    queries: { repeats: { atLeast: 3 } },
  }),
);
orThrow(await sdk.migrate());
const { slots } = await seedBerlin(sdk);
const ids = slots.map(({ id }) => id);

// A unit of work tells what it has sent, once it has ended.
const logs: QueryLog[] = [];
const onQueries = (log: QueryLog): void => void logs.push(log);
const oneByOne = await sdk.transaction(
  async (uow) => {
    for (const id of ids) orThrow(await uow.slots.get(id));
    return ok();
  },
  { onQueries },
);
orThrow(oneByOne);
orThrow(await sdk.transaction((uow) => uow.slots.getMany(ids), { onQueries }));
console.log(`one by one: ${logs[0]?.count} statements, together: ${logs[1]?.count}`);
assert.deepEqual(
  logs.map(({ count }) => count),
  [3, 1],
);

const [repeated] = sdk.diagnostics.repeatedStatements();
assert.equal(repeated?.operation, 'slots.find');
console.log(`${repeated.operation}, ${repeated.most} times, at ${repeated.stack[0]}`);

// The same for whatever a request calls, in a middleware.
const watched = await collectQueries(
  () => sdk.read.slots.getMany(ids),
  ({ count, totalMs }, { durationMs }) =>
    console.log(`${count} statement, ${totalMs.toFixed(1)} of ${durationMs.toFixed(1)} ms`),
);
assert.equal(orThrow(watched).size, 3);

// A statement of the host's own that takes too long.
const nap = sdk
  .rows()
  .read('host.nap', (db) => db.selectNoFrom((eb) => eb.fn('pg_sleep', [eb.val(0.1)]).as('slept')).execute());
orThrow(await nap);
const slow = sdk.diagnostics.slowStatements().find(({ operation }) => operation === 'host.nap');
assert.equal(slow?.sql, 'select pg_sleep(?) as "slept"');
console.log(`${slow.operation} took ${slow.maxMs.toFixed(0)} ms: ${slow.sql}`);

// How PostgreSQL answers one of the SDK's own.
const { plan } = orThrow(await sdk.diagnostics.explain('slots.getFreeForCity', { analyze: true }));
console.log(`${plan.kind}: ${plan.actualRows} rows, ${plan.estimatedRows} expected`);
assert.equal(plan.actualRows, slots.length);

for (const { rule, message, remedy } of orThrow(await sdk.diagnostics.recommendations()))
  console.log(`${rule}: ${message}\n  → ${remedy}`);
orThrow(await sdk.close());

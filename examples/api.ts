/** An HTTP API over the SDK, on nothing but node:http. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import {
  createSlotwise,
  describeError,
  healthHttpStatus,
  httpStatusOf,
  type Result,
  type SlotwiseError,
} from '../src/index.ts';
import { orThrow } from './support/or-throw.ts';
import { seedBerlin } from './support/seed-berlin.ts';

const sdk = orThrow(await createSlotwise());
orThrow(await sdk.migrate());
const { city, slots } = await seedBerlin(sdk);

const send = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

/** What failed inside is for the log, not for the caller. */
const problem = (error: SlotwiseError): object => {
  const detail = httpStatusOf(error) < 500 ? describeError(error) : 'try again later';
  return {
    type: error.type,
    detail,
    ...(error.type === 'SlotTaken' && { alternatives: error.alternatives }),
  };
};

const bodyOf = async (request: IncomingMessage): Promise<{ candidateId: number }> => {
  const body: unknown = await json(request).catch(() => undefined);
  const { candidateId } = (body ?? {}) as { candidateId?: unknown };
  return { candidateId: Number(candidateId) };
};

const answer = <T, E extends SlotwiseError>(response: ServerResponse, status: number, result: Result<T, E>) =>
  result.match(
    (value) => send(response, status, value),
    (error) => send(response, httpStatusOf(error), problem(error)),
  );

// #region readme
const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const [, collection, id, part] = (request.url ?? '').split('/');
  const route = `${request.method} /${collection}/:id/${part}`;
  if (route === 'GET /cities/:id/slots')
    return answer(response, 200, await sdk.read.slots.getFreeForCity(Number(id)));
  if (route === 'POST /slots/:id/reservations') {
    const { candidateId } = await bodyOf(request);
    return answer(response, 201, await sdk.booking.reserve({ slotId: Number(id), candidateId }));
  }
  if (collection === 'health') {
    const health = await sdk.health();
    return send(response, healthHttpStatus(health), health);
  }
  return send(response, 404, { type: 'NoSuchRoute' });
};
// #endregion

const server = createServer((request, response) => void handle(request, response));

await once(server.listen(0, '127.0.0.1'), 'listening');
const address = server.address();
const base = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
const call = async (method: string, path: string, body?: object) => {
  const response = await fetch(base + path, { method, ...(body && { body: JSON.stringify(body) }) });
  const text = await response.text();
  console.log(
    `${method} ${path} → ${response.status} ${text.length > 150 ? `${text.slice(0, 150)}…` : text}`,
  );
  return { status: response.status, text };
};

const [slot] = slots;
const people = [];
for (const fullName of ['Ben', 'Eva'])
  people.push(orThrow(await sdk.transaction((uow) => uow.candidates.add({ fullName }))));
const [ben, eva] = people;

const free = await call('GET', `/cities/${city.id}/slots`);
const reserved = await call('POST', `/slots/${slot?.id}/reservations`, { candidateId: ben?.id });
const taken = await call('POST', `/slots/${slot?.id}/reservations`, { candidateId: eva?.id });
const unknown = await call('POST', '/slots/12345/reservations', { candidateId: eva?.id });
const invalid = await call('POST', '/slots/-1/reservations', { candidateId: eva?.id });
const health = await call('GET', '/health');
server.close();
orThrow(await sdk.close());

const statuses = [free, reserved, taken, unknown, invalid, health].map(({ status }) => status);
assert.deepEqual(statuses, [200, 201, 409, 404, 422, 200]);
assert.match(taken.text, /"alternatives":\[\{/);

import { context, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { afterAll, beforeAll, beforeEach, afterEach, expect, it } from 'vitest';
import { createSlotwise, ok, type Slotwise } from '../../src/index.ts';
import { traceSlotwise } from '../../src/otel.ts';
import { seedBoard, type Board } from '../../src/testing/index.ts';
import { recordedSpans, type RecordedSpan } from '../support/recorded-spans.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const WORK = 'slotwise unit of work';

describeWithPostgres('traces of an SDK', () => {
  const stack = new AsyncDisposableStack();
  const contexts = new AsyncLocalStorageContextManager();
  let sdk: Slotwise;
  let board: Board;
  let tracer: Tracer;
  let spans: () => readonly RecordedSpan[];
  let stop: () => void;

  beforeAll(async () => {
    context.setGlobalContextManager(contexts.enable());
    const database = stack.use(new ScratchDatabase());
    sdk = stack.use((await createSlotwise({ database: database.options, cache: {} }))._unsafeUnwrap());
    (await sdk.migrate())._unsafeUnwrap();
    board = (await seedBoard(sdk))._unsafeUnwrap();
  });

  beforeEach(() => {
    ({ tracer, spans } = recordedSpans());
    stop = traceSlotwise(tracer, { cacheReads: true });
  });

  afterEach(() => stop());

  afterAll(async () => {
    await stack.disposeAsync();
    context.disable();
  });

  /** Runs work under a span of the host's. */
  const underSpan = <T>(name: string, work: () => Promise<T>): Promise<T> =>
    tracer.startActiveSpan(name, async (span) => {
      try {
        return await work();
      } finally {
        span.end();
      }
    });

  const named = (name: string): readonly RecordedSpan[] => spans().filter((span) => span.name === name);
  const statements = (): readonly RecordedSpan[] =>
    spans().filter(({ attributes }) => 'db.operation.name' in attributes);

  it('are one trace: request, command, unit of work, statements', async () => {
    const { slot, candidate } = board;
    const reserved = await underSpan('POST /bookings', () =>
      sdk.withCorrelationId('request-7', async () =>
        sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }),
      ),
    );
    expect(reserved.isOk()).toBe(true);
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(1);
    const [request] = named('POST /bookings');
    const [command] = named('booking.reserve');
    const [work] = named(WORK);
    expect([command?.parent, work?.parent]).toEqual([request, command]);
    expect(work?.attributes).toMatchObject({ 'slotwise.outcome': 'committed', 'slotwise.transaction': true });
    expect(statements().length).toBeGreaterThan(3);
    expect(statements().every(({ parent }) => parent === work || parent?.name === WORK)).toBe(true);
    for (const span of spans().filter((each) => each.name !== 'POST /bookings'))
      expect(span.attributes).toMatchObject({ 'slotwise.correlation_id': 'request-7' });
  });

  it('put statements under a unit of work that was opened by hand', async () => {
    await underSpan('job', async () => {
      await using uow = sdk.unitOfWork({ correlationId: 'job-3' });
      expect((await uow.slots.getForUpdate(board.slot.id)).isOk()).toBe(true);
      expect((await uow.rollback()).isOk()).toBe(true);
    });
    const [statement] = named('slots.getForUpdate');
    expect(statement?.parent).toMatchObject({
      name: WORK,
      attributes: { 'slotwise.outcome': 'rolled-back', 'slotwise.correlation_id': 'job-3' },
    });
    expect(statement?.parent?.parent?.name).toBe('job');
  });

  it('put statements under the span of the host that is open inside of a unit of work', async () => {
    const done = await sdk.transaction((uow) =>
      underSpan('check', async () => uow.slots.getForUpdate(board.slot.id)),
    );
    expect(done.isOk()).toBe(true);
    const [statement] = named('slots.getForUpdate');
    expect(statement?.parent?.name).toBe('check');
    expect(statement?.parent?.parent?.name).toBe(WORK);
  });

  it('put cached reads, and the statements they cause, where they are asked for', async () => {
    const { id } = board.city;
    const read = await sdk.transaction(async (uow) => uow.cities.get(id));
    expect(read.isOk()).toBe(true);
    await underSpan('GET /cities', async () => {
      expect((await sdk.read.cities.get(id)).isOk()).toBe(true);
    });
    const reads = named('cache city');
    expect(reads.map(({ parent }) => parent?.name)).toEqual([WORK, 'GET /cities']);
  });

  it('tell units of work apart that go on at the same time', async () => {
    const ids = Array.from({ length: 8 }, (_, index) => `work-${index}`);
    const done = await Promise.all(
      ids.map((correlationId) =>
        sdk.transaction(
          async (uow) => {
            for (let times = 0; times < 5; times += 1)
              if ((await uow.now()).isErr()) throw new Error('no answer');
            return ok();
          },
          { correlationId },
        ),
      ),
    );
    expect(done.every((one) => one.isOk())).toBe(true);
    expect(named(WORK).map(({ attributes }) => attributes['slotwise.correlation_id'])).toEqual(
      expect.arrayContaining(ids),
    );
    expect(new Set(spans().map(({ traceId }) => traceId)).size).toBe(ids.length);
    expect(named('now')).toHaveLength(ids.length * 5);
    for (const { parent, attributes, traceId } of named('now')) {
      expect(parent?.attributes['slotwise.correlation_id']).toBe(attributes['slotwise.correlation_id']);
      expect(parent).toMatchObject({ name: WORK, traceId });
    }
  });

  it('say what PostgreSQL has refused, and what came of it', async () => {
    const twice = await sdk.transaction((uow) =>
      uow.candidates
        .add({ fullName: 'Ada', telegramId: '7000000001' })
        .andThen(() => uow.candidates.add({ fullName: 'Eva', telegramId: '7000000001' })),
    );
    expect(twice.isErr()).toBe(true);
    const [added, refused] = named('candidates.add');
    expect(added?.status.code).toBe(SpanStatusCode.UNSET);
    expect(refused).toMatchObject({
      status: { code: SpanStatusCode.ERROR },
      attributes: { 'db.response.status_code': '23505', 'error.type': '23505' },
    });
    expect(refused?.parent?.attributes['slotwise.outcome']).toBe('rolled-back');
  });

  it('make nothing once they are stopped', async () => {
    stop();
    expect((await sdk.transaction((uow) => uow.now())).isOk()).toBe(true);
    expect(spans()).toEqual([]);
  });
});

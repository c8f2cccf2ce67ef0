import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { Redis } from 'ioredis';
import { expect, it } from 'vitest';
import { createSlotwise, type Logger, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { RedisProcess } from '../support/redis-process.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithServers } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';

const HANGING_MS = 200;

/** What must not be in any line, whatever goes wrong. */
const secrets = {
  databasePassword: 'marker-database-password',
  redisPassword: 'marker-redis-password',
  name: 'Marker Name',
  telegramId: '77001122334455',
  phone: '+4977001122',
  reason: 'marker reason that somebody wrote',
  key: 'marker-idempotency-key',
} as const;

function recording(): { readonly logger: Logger; readonly text: () => string; readonly lines: () => number } {
  const lines: string[] = [];
  const write = (fields: object, message: string): void =>
    void lines.push(`${message} ${inspect(fields, { depth: 20, showHidden: true })}`);
  return {
    logger: { debug: write, info: write, warn: write, error: write },
    text: () => lines.join('\n'),
    lines: () => lines.length,
  };
}

/** Everything of the secrets that is in a text. */
const found = (text: string): readonly string[] =>
  Object.entries(secrets).flatMap(([name, secret]) => (text.includes(secret) ? [name] : []));

describeWithServers('what is logged', () => {
  it('names no password where servers refuse or are not there', async () => {
    const { logger, text } = recording();
    await using redis = await RedisProcess.start();
    const administrator = new Redis(redis.url);
    await administrator.config('SET', 'requirepass', 'another');
    administrator.disconnect();
    const database = new URL(process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres');
    database.password = secrets.databasePassword;
    const nowhere = new URL(database);
    nowhere.port = '1';
    nowhere.hostname = '127.0.0.1';
    const redisUrl = redis.url.replace('//', `//:${secrets.redisPassword}@`);
    const refusedRole = new URL(database);
    refusedRole.username = 'nobody_of_that_name';
    const attempts: readonly SlotwiseOptions[] = [
      { database: { url: nowhere.href }, cache: { url: redisUrl } },
      { database: { url: refusedRole.href }, cache: { url: redisUrl } },
      { database: { url: database.href }, cache: { url: redisUrl } },
      { database: { url: database.href }, cache: { url: redisUrl, warmOnStart: true } },
    ];
    const answers: object[] = [];
    for (const options of attempts) {
      const opened = await createSlotwise({ ...options, logger });
      answers.push(opened.isErr() ? opened.error : await opened.value.health());
      if (opened.isOk()) (await opened.value.close())._unsafeUnwrap();
    }
    expect(found(inspect(answers, { depth: 20 }))).toEqual([]);
    expect(found(text())).toEqual([]);
  });

  it('names nobody and nothing of what people wrote, while everything around it fails', async () => {
    const { logger, text, lines } = recording();
    await using stack = new AsyncDisposableStack();
    const redis = stack.use(await RedisProcess.start());
    const database = stack.use(new ScratchDatabase());
    const proxy = stack.use(await TcpProxy.startBefore(database.url));
    const sdk = stack.use(
      (
        await createSlotwise({
          database: { ...database.options, url: proxy.through(database.url), statementTimeoutMs: 1000 },
          cache: { url: redis.url },
          logger,
        })
      )._unsafeUnwrap(),
    );
    (await sdk.migrate())._unsafeUnwrap();
    const { slot } = (await seedBoard(sdk))._unsafeUnwrap();
    const person = { fullName: secrets.name, telegramId: secrets.telegramId, phone: secrets.phone };
    const candidate = (await sdk.transaction((uow) => uow.candidates.add(person)))._unsafeUnwrap();

    const work = async (): Promise<void> => {
      // Refused by a guard of the database, whose message names the value.
      await sdk.transaction((uow) => uow.candidates.add(person)).unwrapOr(undefined);
      await sdk.read.candidates.get(candidate.id).unwrapOr(undefined);
      const reserved = await sdk.booking.reserve(
        { slotId: slot.id, candidateId: candidate.id },
        { idempotencyKey: secrets.key },
      );
      if (reserved.isErr()) return;
      const actor = { kind: 'candidate', id: candidate.id } as const;
      await sdk.booking
        .cancel({ bookingId: reserved.value.id, actor, reason: secrets.reason })
        .unwrapOr(undefined);
    };
    sdk.events.onAny(() => {
      throw new Error('a handler of the host fails');
    });
    await work();
    redis.pause();
    await work();
    redis.resume();
    await redis.kill();
    await work();
    proxy.cut();
    await work();
    proxy.swallow();
    const hanging = work();
    await sleep(HANGING_MS);
    proxy.cut();
    proxy.heal();
    await hanging;
    await redis.restart();
    await work();

    expect(lines()).toBeGreaterThan(3);
    expect(text()).toContain('an event handler failed');
    expect(found(text())).toEqual([]);
  });
});

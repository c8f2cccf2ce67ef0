import { ok, safeTry, type ResultAsync } from 'neverthrow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createSlotwise,
  type CacheOptions,
  type City,
  type ReplicaHealth,
  type Slotwise,
  type SlotwiseOptions,
  type UnitOfWorkOptions,
} from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';
import { PostgresProcess } from '../support/postgres-process.ts';
import { ask, PrimaryAndStandby } from '../support/primary-and-standby.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { ScratchPrefix } from '../support/scratch-prefix.ts';
import { describeWithPostgresServer } from '../support/services.ts';
import { TcpProxy } from '../support/tcp-proxy.ts';
import { UnhandledRejections } from '../support/unhandled-rejections.ts';
import { until } from '../support/until.ts';

const LIFETIME_SECONDS = 300;
const NOTICED_MS = 15_000;
const fromReplica = { readOnly: true, readFrom: 'replica' } as const satisfies UnitOfWorkOptions;

interface Scene extends AsyncDisposable {
  readonly servers: PrimaryAndStandby;
  readonly database: ScratchDatabase;
  readonly board: Board;
  /** With the standby as its replica. */
  readonly sdk: Slotwise;
  /** Another process's, on the primary alone, with the same Redis. */
  readonly other: Slotwise;
}

describeWithPostgresServer('read replicas', () => {
  let started: PrimaryAndStandby | undefined;
  beforeAll(async () => {
    started = await PrimaryAndStandby.start(LIFETIME_SECONDS);
  }, 60_000);
  afterAll(async () => started?.[Symbol.asyncDispose]());

  const running = (): PrimaryAndStandby => {
    if (started === undefined) throw new Error('the servers were not started');
    return started;
  };

  async function open(
    database: Partial<SlotwiseOptions['database']> = {},
    cache: false | CacheOptions = {},
  ): Promise<Scene> {
    const servers = running();
    const stack = new AsyncDisposableStack();
    const scratch = stack.use(new ScratchDatabase(servers.primary.url));
    const prefix = stack.use(new ScratchPrefix());
    const connect = async (more: object): Promise<Slotwise> =>
      stack.use(
        (
          await createSlotwise({
            database: { ...scratch.options, ...more },
            cache: cache === false ? false : { ...prefix.options, ...cache },
          })
        )._unsafeUnwrap(),
      );
    const other = await connect({});
    (await other.migrate())._unsafeUnwrap();
    const board = (await seedBoard(other))._unsafeUnwrap();
    await servers.caughtUp();
    const sdk = await connect({ replicaUrls: [servers.standbyUrl], ...database });
    return {
      servers,
      database: scratch,
      board,
      sdk,
      other,
      [Symbol.asyncDispose]: () => stack.disposeAsync(),
    };
  }

  const replicaOf = async (sdk: Slotwise): Promise<ReplicaHealth> => {
    const [replica] = (await sdk.health()).replicas ?? [];
    if (replica === undefined) throw new Error('health tells of no replica');
    return replica;
  };
  const isNow = (status: ReplicaHealth['status'], sdk: Slotwise): Promise<void> =>
    until(`the replica is ${status}`, NOTICED_MS, async () => (await replicaOf(sdk)).status === status);
  /** With a replica that is in use. */
  const ready = async (...given: Parameters<typeof open>): Promise<Scene> => {
    const scene = await open(...given);
    await isNow('up', scene.sdk);
    return scene;
  };
  const rename = async (sdk: Slotwise, { id }: City, name: string): Promise<void> => {
    const renamed = await sdk.transaction((uow) =>
      uow.cities
        .get(id)
        .andThen((city) => city.rename(name))
        .andThen((city) => uow.cities.update(city)),
    );
    renamed._unsafeUnwrap();
  };
  const nameFrom = async (sdk: Slotwise, { id }: City, options: UnitOfWorkOptions): Promise<string> =>
    (await sdk.transaction((uow) => uow.cities.get(id), options))._unsafeUnwrap().name;
  const cachedName = async (sdk: Slotwise, { id }: City): Promise<string> =>
    (await sdk.read.cities.get(id))._unsafeUnwrap().name;

  describe('and what they answer', () => {
    it('serve units of work that ask for them, and nobody else', async () => {
      await using scene = await ready({}, false);
      const { sdk, board } = scene;
      await scene.servers.pauseReplay();
      try {
        await rename(sdk, board.city, 'Renamed');
        expect(await nameFrom(sdk, board.city, fromReplica)).toBe(board.city.name);
        expect(await nameFrom(sdk, board.city, { readOnly: true })).toBe('Renamed');
        expect(await cachedName(sdk, board.city)).toBe('Renamed');
      } finally {
        await scene.servers.resumeReplay();
      }
      await scene.servers.caughtUp();
      expect(await nameFrom(sdk, board.city, fromReplica)).toBe('Renamed');
    });

    it('never get into the cache, whoever reads beside them', async () => {
      // The memory of a process may hear of another one's change a moment later.
      await using scene = await ready({}, { l1: false });
      const { sdk, other, board } = scene;
      await scene.servers.pauseReplay();
      try {
        let old = 0;
        for (let round = 0; round < 25; round += 1) {
          const name = `Renamed ${round}`;
          await rename(other, board.city, name);
          const replica = [1, 2, 3].map(() => nameFrom(sdk, board.city, fromReplica));
          const cached = [sdk, other, sdk, other].map((one) => cachedName(one, board.city));
          const lists = [sdk, other].map(async (one) =>
            (await one.read.cities.list()).map(({ items }) => items.map((city) => city.name)),
          );
          const many = [sdk, other].map(async (one) =>
            (await one.read.cities.getMany([board.city.id])).map((found) => found.get(board.city.id)?.name),
          );
          old += (await Promise.all(replica)).filter((answer) => answer === board.city.name).length;
          expect(await Promise.all(cached)).toEqual([name, name, name, name]);
          for (const list of await Promise.all(lists)) expect(list._unsafeUnwrap()).toContain(name);
          for (const one of await Promise.all(many)) expect(one._unsafeUnwrap()).toBe(name);
        }
        // Else nothing old was there to get into it.
        expect(old).toBeGreaterThan(0);
      } finally {
        await scene.servers.resumeReplay();
      }
    });

    it('are not stored even when nobody has read the entry before', async () => {
      await using scene = await ready();
      const { sdk, other, board } = scene;
      await scene.servers.pauseReplay();
      try {
        await rename(other, board.city, 'Renamed');
        const { fills } = sdk.cache.stats();
        const list = () =>
          sdk.transaction(
            (uow) => uow.recruiters.getMany([board.recruiter.id]).andThen(() => uow.cities.list()),
            fromReplica,
          );
        expect(await nameFrom(sdk, board.city, fromReplica)).toBe(board.city.name);
        expect((await list())._unsafeUnwrap().items.map(({ name }) => name)).toContain(board.city.name);
        expect(sdk.cache.stats().fills).toBe(fills);
        expect(await cachedName(sdk, board.city)).toBe('Renamed');
        expect(await cachedName(other, board.city)).toBe('Renamed');
      } finally {
        await scene.servers.resumeReplay();
      }
    });

    it('are one snapshot under repeatable read', async () => {
      await using scene = await ready({}, false);
      const { sdk, other, board } = scene;
      const names = await sdk.transaction(
        (uow) =>
          safeTry(async function* () {
            const before = yield* uow.cities.get(board.city.id);
            await rename(other, board.city, 'Renamed');
            await scene.servers.caughtUp();
            const after = yield* uow.cities.get(board.city.id);
            return ok([before.name, after.name]);
          }),
        { ...fromReplica, isolation: 'repeatable read' },
      );
      expect(names._unsafeUnwrap()).toEqual([board.city.name, board.city.name]);
      expect(await nameFrom(sdk, board.city, fromReplica)).toBe('Renamed');
    });
  });

  describe('and units of work that write', () => {
    const steps = {
      'a write': (sdk, uow, { city }) =>
        uow.cities.add({ name: `${city.name} II`, timeZone: city.timeZone }).map(() => undefined),
      'a lock': (sdk, uow, { recruiter }) => uow.recruiters.getForShare(recruiter.id).map(() => undefined),
      'a savepoint': (sdk, uow) => uow.savepoint(async () => ok()),
      'a use case that joins': (sdk, uow, { slot, candidate }) =>
        sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id }, { uow }).map(() => undefined),
    } satisfies Record<
      string,
      (
        sdk: Slotwise,
        uow: Parameters<Parameters<Slotwise['transaction']>[0]>[0],
        board: Board,
      ) => ResultAsync<void, unknown>
    >;

    it.each(Object.entries(steps))('go to the primary from %s on', async (_name, step) => {
      await using scene = await ready({}, false);
      const { sdk, board } = scene;
      await scene.servers.pauseReplay();
      try {
        await rename(sdk, board.city, 'Renamed');
        const names = await sdk.transaction(
          (uow) =>
            uow.cities.get(board.city.id).andThen((before) =>
              step(sdk, uow, board)
                .andThen(() => uow.cities.get(board.city.id))
                .map((after) => [before.name, after.name]),
            ),
          { readFrom: 'replica' },
        );
        expect(names._unsafeUnwrap()).toEqual([board.city.name, 'Renamed']);
      } finally {
        await scene.servers.resumeReplay();
      }
    });
  });

  describe('that must not be asked', () => {
    it('because they are too far behind leave it to the primary until they have caught up', async () => {
      await using scene = await ready({ maxReplicaLagMs: 5000 }, false);
      const { sdk, board } = scene;
      await scene.servers.pauseReplay();
      try {
        await rename(sdk, board.city, 'Renamed');
        await isNow('degraded', sdk);
        expect(await nameFrom(sdk, board.city, fromReplica)).toBe('Renamed');
        const { lagMs, detail } = await replicaOf(sdk);
        expect(detail).toBe('is too far behind');
        expect(lagMs).toBeGreaterThan(5000);
        expect(await sdk.health()).toMatchObject({ status: 'degraded', ready: true });
        const findings = (await sdk.diagnostics.doctor())._unsafeUnwrap();
        expect(findings.find(({ check }) => check === 'replicas')).toMatchObject({
          level: 'warning',
          message: expect.stringContaining('is not in use: it is too far behind') as unknown,
        });
      } finally {
        await scene.servers.resumeReplay();
      }
      await isNow('up', sdk);
      const summary = sdk.metrics.summary().database.replicas;
      expect(summary).toEqual([expect.objectContaining({ status: 'up', failures: 0 })]);
    });

    it('because they belong to somebody else', async () => {
      await using foreign = await PostgresProcess.startInstalled(LIFETIME_SECONDS);
      await using scene = await open({ replicaUrls: [foreign.url] }, false);
      const { sdk, board } = scene;
      await until('the replica was looked at', NOTICED_MS, async () => {
        const { detail } = await replicaOf(sdk);
        return detail === 'belongs to another database cluster';
      });
      expect(await nameFrom(sdk, board.city, fromReplica)).toBe(board.city.name);
    });

    it('because they were promoted', async () => {
      const servers = running();
      await using promoted = await PostgresProcess.standbyOf(servers.primary, LIFETIME_SECONDS);
      await using scene = await ready({ replicaUrls: [promoted.url] }, false);
      const { sdk, board } = scene;
      await ask(promoted.url, 'select pg_promote()');
      await isNow('down', sdk);
      expect((await replicaOf(sdk)).detail).toBe('takes writes of its own');
      await rename(sdk, board.city, 'Renamed');
      expect(await nameFrom(sdk, board.city, fromReplica)).toBe('Renamed');
    });

    it('because they have not replayed a migration yet', async () => {
      await using scene = await ready({}, false);
      await scene.servers.pauseReplay();
      try {
        await using fresh = new ScratchDatabase(scene.servers.primary.url);
        const sdk = (
          await createSlotwise({
            database: {
              ...fresh.options,
              replicaUrls: [scene.servers.standbyUrl],
              // It has been behind since before this SDK could know.
              maxReplicaLagMs: false,
            },
            cache: false,
          })
        )._unsafeUnwrap();
        await isNow('up', sdk);
        (await sdk.migrate())._unsafeUnwrap();
        const { city } = (await seedBoard(sdk))._unsafeUnwrap();
        expect(await nameFrom(sdk, city, fromReplica)).toBe(city.name);
        (await sdk.close())._unsafeUnwrap();
      } finally {
        await scene.servers.resumeReplay();
      }
    });

    it('may be the primary itself', async () => {
      const servers = running();
      await using scene = await ready({ replicaUrls: [servers.primary.url] }, false);
      await rename(scene.sdk, scene.board.city, 'Renamed');
      expect(await nameFrom(scene.sdk, scene.board.city, fromReplica)).toBe('Renamed');
    });
  });

  describe('that fail', () => {
    const faults = {
      'is killed': {
        strike: ({ standby }) => standby.kill(),
        mend: ({ standby }) => standby.startAgain(),
      },
      'is shut down': {
        strike: ({ standby }) => standby.stop(),
        mend: ({ standby }) => standby.startAgain(),
      },
      'goes silent': {
        strike: ({ network }) => network.swallow(),
        mend: ({ network }) => network.heal(),
      },
      'loses its connections': {
        strike: ({ network }) => network.cut(),
        mend: () => undefined,
      },
    } satisfies Record<
      string,
      {
        readonly strike: (servers: PrimaryAndStandby) => Promise<void> | void;
        readonly mend: (servers: PrimaryAndStandby) => Promise<void> | void;
      }
    >;

    it.each(Object.entries(faults))(
      'lose nobody an answer when the standby %s',
      async (name, { strike, mend }) => {
        using unhandled = new UnhandledRejections();
        await using scene = await ready({}, false);
        const { sdk, board } = scene;
        const enough = new AbortController();
        let answers = 0;
        const readers = Array.from({ length: 4 }, async () => {
          while (!enough.signal.aborted) {
            expect(await nameFrom(sdk, board.city, fromReplica)).toBe(board.city.name);
            answers += 1;
          }
        });
        const more = async (count: number): Promise<void> => {
          const target = answers + count;
          await until('reads are answered', NOTICED_MS, () => answers >= target);
        };
        await more(50);
        await strike(scene.servers);
        // Also those that were waiting for the standby at that moment, whose readers do nothing until then.
        await more(200);
        if (name !== 'loses its connections') await isNow('down', sdk);
        expect(sdk.metrics.summary().database.replicas?.[0]?.failures).toBeGreaterThan(0);
        await mend(scene.servers);
        await isNow('up', sdk);
        await more(50);
        enough.abort();
        await Promise.all(readers);
        expect(unhandled.seen).toEqual([]);
      },
      60_000,
    );

    it('do not keep the SDK from starting and closing', async () => {
      const servers = running();
      servers.network.swallow();
      try {
        await using scene = await open({}, false);
        const { sdk, board } = scene;
        expect(await nameFrom(sdk, board.city, fromReplica)).toBe(board.city.name);
        expect((await replicaOf(sdk)).status).toBe('down');
        expect((await sdk.close({ timeoutMs: 2000 })).isOk()).toBe(true);
      } finally {
        servers.network.heal();
      }
    });

    it('are closed with the primary, also when somebody still reads from one', async () => {
      await using scene = await ready({}, false);
      const { sdk, board } = scene;
      const uow = sdk.unitOfWork({ ...fromReplica, isolation: 'repeatable read' });
      expect((await uow.cities.get(board.city.id)).isOk()).toBe(true);
      expect((await sdk.close({ timeoutMs: 500 }))._unsafeUnwrapErr().type).toBe('Timeout');
      const late = await sdk.read.cities.get(board.city.id);
      expect(late._unsafeUnwrapErr()).toMatchObject({ type: 'UnitOfWorkState', state: 'closed' });
      expect((await sdk.health()).live).toBe(false);
    });

    it('answer on when the primary is away, if their age does not matter', async () => {
      await using scene = await ready({ maxReplicaLagMs: false }, false);
      const { sdk, board } = scene;
      const network = await TcpProxy.startBefore(scene.servers.primary.url);
      const far = (
        await createSlotwise({
          database: {
            ...scene.database.options,
            url: network.through(scene.servers.primary.url),
            replicaUrls: [scene.servers.standbyUrl],
            maxReplicaLagMs: false,
          },
          cache: false,
        })
      )._unsafeUnwrap();
      await isNow('up', far);
      await network[Symbol.asyncDispose]();
      expect(await nameFrom(far, board.city, fromReplica)).toBe(board.city.name);
      const written = await far.transaction((uow) => uow.cities.delete(board.city.id));
      expect(written._unsafeUnwrapErr()).toMatchObject({ type: 'Database', retryable: true });
      expect((await far.health()).status).toBe('down');
      expect(await nameFrom(sdk, board.city, {})).toBe(board.city.name);
      (await far.close())._unsafeUnwrap();
    });
  });
});

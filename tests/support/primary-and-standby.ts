import { Client } from 'pg';
import { PostgresProcess } from './postgres-process.ts';
import { TcpProxy } from './tcp-proxy.ts';
import { until } from './until.ts';

const NOTICED_MS = 10_000;

/** A primary and a standby of it, with a network in front of the standby. */
export class PrimaryAndStandby implements AsyncDisposable {
  readonly primary: PostgresProcess;
  readonly standby: PostgresProcess;
  readonly network: TcpProxy;

  private constructor(primary: PostgresProcess, standby: PostgresProcess, network: TcpProxy) {
    this.primary = primary;
    this.standby = standby;
    this.network = network;
  }

  /** @param lifetimeSeconds after which both end by themselves, should this process be killed */
  static async start(lifetimeSeconds: number): Promise<PrimaryAndStandby> {
    const primary = await PostgresProcess.startInstalled(lifetimeSeconds);
    const standby = await PostgresProcess.standbyOf(primary, lifetimeSeconds);
    return new PrimaryAndStandby(primary, standby, await TcpProxy.startBefore(standby.url));
  }

  /** By way of the network. */
  get standbyUrl(): string {
    return this.network.through(this.standby.url);
  }

  /** The standby goes on receiving what happens, and does not show it. */
  async pauseReplay(): Promise<void> {
    await ask(this.standby.url, 'select pg_wal_replay_pause()');
    await until('replay is paused', NOTICED_MS, async () => {
      const state = await ask(this.standby.url, 'select pg_get_wal_replay_pause_state() as answer');
      return state === 'paused';
    });
  }

  async resumeReplay(): Promise<void> {
    await ask(this.standby.url, 'select pg_wal_replay_resume()');
  }

  /** Waits until the standby shows everything that is committed. */
  async caughtUp(): Promise<void> {
    const position = await ask(this.primary.url, 'select pg_current_wal_insert_lsn()::text as answer');
    const shown = `select pg_last_wal_replay_lsn() >= '${String(position)}' as answer`;
    await until(
      'the standby has caught up',
      NOTICED_MS,
      async () => (await ask(this.standby.url, shown)) === true,
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.network[Symbol.asyncDispose]();
    await this.standby[Symbol.asyncDispose]();
    await this.primary[Symbol.asyncDispose]();
  }
}

/** The column `answer` of the first row. */
export async function ask(url: string, statement: string): Promise<unknown> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ answer: unknown }>(statement);
    return rows[0]?.answer;
  } finally {
    await client.end();
  }
}

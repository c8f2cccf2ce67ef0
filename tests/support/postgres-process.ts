import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { freePort } from './free-port.ts';

const START_TIMEOUT_MS = 20_000;
const STOP_TIMEOUT_MS = 5000;

/** Nothing here has to survive a power cut. */
const settings = {
  listen_addresses: '127.0.0.1',
  fsync: 'off',
  synchronous_commit: 'off',
  full_page_writes: 'off',
  max_connections: '200',
} as const;

/** The server refuses to run as root. */
interface Account {
  readonly uid?: number;
  readonly gid?: number;
}

interface Installation {
  readonly folder: string;
  readonly account: Account;
}

/** How to start the server again. */
interface Launch {
  readonly args: readonly string[];
  readonly running: Account & { readonly cwd: string; readonly stdio: 'ignore' };
}

/**
 * A PostgreSQL server of the test's own, on a port and in a folder of its own. It does not wait for its commits to reach
 * the disk, unless it is told to: `synchronous_commit: 'on'` keeps them also when it is killed.
 */
export class PostgresProcess implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;
  readonly #launch: Launch;
  #guard: ChildProcess;

  private constructor(url: string, folder: string, launch: Launch) {
    this.url = url;
    this.#folder = folder;
    this.#launch = launch;
    this.#guard = started(launch);
  }

  /**
   * Makes a cluster and starts it; `undefined` where the server's programs are not installed.
   *
   * @param lifetimeSeconds after which it ends by itself, should this process be killed
   * @param more settings of the server beside the usual ones
   */
  static async start(
    lifetimeSeconds: number,
    more?: Readonly<Record<string, string>>,
  ): Promise<PostgresProcess | undefined> {
    return postgresIsInstalled() ? PostgresProcess.startInstalled(lifetimeSeconds, more) : undefined;
  }

  /** The same where a suite is left out if they are not installed. */
  static startInstalled(
    lifetimeSeconds: number,
    more: Readonly<Record<string, string>> = {},
  ): Promise<PostgresProcess> {
    const making = ['--username=postgres', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync'];
    return PostgresProcess.#make(['initdb', ...making], lifetimeSeconds, more);
  }

  /** A standby that streams from a server that is running: a copy of what it has, and from then on all it does. */
  static standbyOf(primary: PostgresProcess, lifetimeSeconds: number): Promise<PostgresProcess> {
    const copying = ['--dbname', primary.url, '--write-recovery-conf', '--checkpoint=fast', '--no-sync'];
    return PostgresProcess.#make(['pg_basebackup', ...copying], lifetimeSeconds, {});
  }

  static async #make(
    [program, ...making]: readonly [string, ...string[]],
    lifetimeSeconds: number,
    more: Readonly<Record<string, string>>,
  ): Promise<PostgresProcess> {
    const installation = findInstallation();
    if (installation === undefined) throw new Error('the programs of PostgreSQL are not installed');
    const { folder: programs, account } = installation;
    const folder = await mkdtemp(join(tmpdir(), 'slotwise-postgres-'));
    if (account.uid !== undefined && account.gid !== undefined) await chown(folder, account.uid, account.gid);
    const data = join(folder, 'data');
    // In the folder itself: the account may not be allowed to enter the current one.
    const running = { ...account, cwd: folder, stdio: 'ignore' } as const;
    execFileSync(join(programs, program), ['--pgdata', data, ...making], running);

    const port = await freePort();
    const options = Object.entries({ ...settings, ...more, port, unix_socket_directories: folder });
    const args = [
      '--signal=INT',
      String(lifetimeSeconds),
      join(programs, 'postgres'),
      '-D',
      data,
      ...options.flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    const server = new PostgresProcess(`postgresql://postgres@127.0.0.1:${port}/postgres`, folder, {
      args,
      running,
    });
    try {
      await server.#ready();
      return server;
    } catch (cause) {
      await server[Symbol.asyncDispose]();
      throw cause;
    }
  }

  /** Ends all its sessions and the server, as `pg_ctl stop --mode=fast` does. */
  async stop(): Promise<void> {
    await this.#end(() => this.#guard.kill('SIGINT'));
  }

  /** Ends its first process at once, as a crash would; the others end when they notice. */
  async kill(): Promise<void> {
    const [pid] = (await readFile(join(this.#folder, 'data', 'postmaster.pid'), 'utf8')).split('\n');
    await this.#end(() => process.kill(Number(pid), 'SIGKILL'));
  }

  /** Starts it again after `stop` or `kill`, with what it had; answers when it takes connections. */
  async startAgain(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    // It refuses to start while processes of the one that was killed are left.
    while (performance.now() < deadline) {
      this.#guard = started(this.#launch);
      if (
        await this.#ready().then(
          () => true,
          () => false,
        )
      )
        return;
    }
    throw new Error('postgres did not start again');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }

  /** @param order to end, which may be an unkind one */
  async #end(order: () => unknown): Promise<void> {
    if (this.#hasEnded) return;
    const ended = new Promise<void>((resolve) => {
      this.#guard.once('exit', () => resolve());
    });
    // `timeout` passes signals on: a fast shutdown, and if that takes too long an immediate one.
    order();
    const impatience = setTimeout(() => this.#guard.kill('SIGQUIT'), STOP_TIMEOUT_MS);
    await ended;
    clearTimeout(impatience);
  }

  get #hasEnded(): boolean {
    return this.#guard.exitCode !== null || this.#guard.signalCode !== null;
  }

  async #ready(): Promise<void> {
    const deadline = performance.now() + START_TIMEOUT_MS;
    while (performance.now() < deadline) {
      if (this.#hasEnded) throw new Error(`postgres ended with ${this.#guard.exitCode}`);
      const client = new Client({ connectionString: this.url });
      client.on('error', () => undefined);
      const answered = await client.connect().then(
        () => true,
        () => false,
      );
      await client.end().catch(() => undefined);
      if (answered) return;
      await sleep(50);
    }
    throw new Error('postgres did not become ready');
  }
}

const started = ({ args, running }: Launch): ChildProcess => spawn('timeout', args, running);

export const postgresIsInstalled = (): boolean => findInstallation() !== undefined;

function findInstallation(): Installation | undefined {
  const folder = [answerOf('pg_config', '--bindir') ?? '', ...debianFolders()].find((candidate) =>
    existsSync(join(candidate, 'initdb')),
  );
  if (folder === undefined) return undefined;
  if (process.getuid?.() !== 0) return { folder, account: {} };
  const [uid, gid] = [answerOf('id', '-u', 'postgres'), answerOf('id', '-g', 'postgres')];
  if (uid === undefined || gid === undefined) return undefined;
  return { folder, account: { uid: Number(uid), gid: Number(gid) } };
}

/** Debian keeps the programs of each version in a folder that is not on the path; the newest comes first. */
const debianFolders = (): readonly string[] =>
  globSync('/usr/lib/postgresql/*/bin').toSorted((a, b) => b.localeCompare(a, 'en', { numeric: true }));

function answerOf(program: string, ...args: readonly string[]): string | undefined {
  try {
    return execFileSync(program, [...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return undefined;
  }
}

import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { demoData, mondayAfter } from '../../src/cli/seed/demo-data.ts';
import { storeDemoData } from '../../src/cli/seed/store-demo-data.ts';
import { createSlotwise, okAsync, type ResultAsync, type Slotwise } from '../../src/index.ts';
import { ScratchDatabase } from './scratch-database.ts';
import { ScratchPrefix } from './scratch-prefix.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** No command of a test takes this long; one that hangs ends with SIGKILL, and so with no exit code. */
const LIMIT_MS = 25_000;

export interface Ran {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly durationMs: number;
}

type Env = Readonly<Record<string, string | undefined>>;

/** The variables of whoever runs the tests must not name servers for the command. */
const NAMING = /^(DATABASE_|REDIS_|USE_REDIS$|SLOTWISE_|NO_COLOR$|FORCE_COLOR$|NODE_OPTIONS$)/;

const surroundings = (): Env =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !NAMING.test(name)));

export function startCommandLine(args: readonly string[], env: Env = {}): ChildProcess {
  return spawn(process.execPath, [program, ...args], {
    env: { ...surroundings(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    killSignal: 'SIGKILL',
  });
}

export function outcomeOf(child: ChildProcess): Promise<Ran> {
  const startedAt = performance.now();
  const texts = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name]?.on('data', (chunk: Buffer) => {
      texts[name] += chunk.toString();
    });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, ...texts, durationMs: performance.now() - startedAt }));
  });
}

/** Runs `slotwise` as a process of its own, to its end. */
export const commandLine = (args: readonly string[], env?: Env): Promise<Ran> =>
  outcomeOf(startCommandLine(args, env));

/** A schema and a prefix of a test's own, and the command line on them. */
export class CommandLineScene implements AsyncDisposable {
  readonly database = new ScratchDatabase();
  readonly prefix = new ScratchPrefix();

  get env(): Readonly<Record<string, string>> {
    return {
      DATABASE_URL: this.database.url,
      SLOTWISE_SCHEMA: this.database.schema,
      REDIS_URL: this.prefix.options.url,
      SLOTWISE_CACHE_PREFIX: this.prefix.prefix,
    };
  }

  run(...args: readonly string[]): Promise<Ran> {
    return commandLine(args, this.env);
  }

  /** Runs it with `--json`, and answers the document; a failure carries what it said. */
  async json<T>(...args: readonly string[]): Promise<T> {
    const ran = await this.run(...args, '--json');
    if (ran.code !== 0)
      throw new Error(`${args.join(' ')} ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    return JSON.parse(ran.stdout) as T;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.database[Symbol.asyncDispose]();
    await this.prefix[Symbol.asyncDispose]();
  }
}

const WEEK = { recruiters: 3, candidates: 5, firstDay: mondayAfter(new Date()), seed: 1 };

/** A scene with the schema in place and demo data in it, and nothing cached. */
export const seededScene = (): Promise<CommandLineScene> =>
  sceneWith((sdk) => storeDemoData(sdk, demoData(WEEK), false));

/** A scene with the schema in place. */
export const migratedScene = (): Promise<CommandLineScene> => sceneWith(() => okAsync());

async function sceneWith<E>(store: (sdk: Slotwise) => ResultAsync<unknown, E>): Promise<CommandLineScene> {
  const scene = new CommandLineScene();
  await using sdk = (
    await createSlotwise({ database: scene.database.options, cache: false })
  )._unsafeUnwrap();
  (await sdk.migrate())._unsafeUnwrap();
  (await store(sdk))._unsafeUnwrap();
  return scene;
}

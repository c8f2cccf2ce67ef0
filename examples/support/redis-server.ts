import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';

/** A Redis that belongs to this process alone, so that things can be done to it. */
export interface ThrowAwayRedis {
  readonly url: string;
  readonly port: number;
  /** The server keeps its connections and answers nothing, like a machine that swaps or a network that swallows. */
  freeze(): void;
  thaw(): void;
  stop(): Promise<void>;
}

const BINARY = 'redis-server';
const START_LIMIT_MS = 10_000;

/** Starts `redis-server` on a free port, without persistence; `undefined` where it is not installed. */
export async function startRedis(): Promise<ThrowAwayRedis | undefined> {
  const port = await freePort();
  const address = ['--port', String(port), '--bind', '127.0.0.1'];
  const volatile = ['--save', '', '--appendonly', 'no', '--dir', tmpdir()];
  const server = spawn(BINARY, [...address, ...volatile], { stdio: 'ignore' });
  let ended = false;
  server.on('error', () => {
    ended = true;
  });
  server.on('exit', () => {
    ended = true;
  });

  const stop = async (): Promise<void> => {
    if (ended) return;
    const exit = once(server, 'exit');
    server.kill('SIGKILL');
    await exit;
  };
  for (const deadline = performance.now() + START_LIMIT_MS; !(await accepts(port)); await sleep(20)) {
    if (!ended && performance.now() < deadline) continue;
    await stop();
    return undefined;
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    freeze: () => server.kill('SIGSTOP'),
    thaw: () => server.kill('SIGCONT'),
    stop,
  };
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const finish = (answer: boolean) => (): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.on('connect', finish(true)).on('error', finish(false));
  });
}

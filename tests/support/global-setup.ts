import { accessSync, constants } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { delimiter, join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import type { TestProject } from 'vitest/node';

const PROBE_TIMEOUT_MS = 3_000;

/** Looks for the servers once per run, tells every suite what was found, and says in one line what is left out. */
export async function setup(project: TestProject): Promise<void> {
  const postgresUrl = process.env['DATABASE_URL'] ?? 'postgresql://postgres@127.0.0.1:5432/test';
  const redisUrl = process.env['REDIS_URL'] ?? 'redis://127.0.0.1:6379';
  const redisServerPath = findOnPath('redis-server');
  const opensslPath = findOnPath('openssl');
  const [postgresTrouble, redisTrouble] = await Promise.all([
    probePostgres(postgresUrl),
    probeRedis(redisUrl),
  ]);

  project.provide('postgresUrl', postgresTrouble === undefined ? postgresUrl : '');
  project.provide('redisUrl', redisTrouble === undefined ? redisUrl : '');
  project.provide('redisServerPath', redisServerPath ?? '');
  project.provide('opensslPath', opensslPath ?? '');

  const missing = [
    ...(postgresTrouble === undefined
      ? []
      : [`PostgreSQL (${withoutPassword(postgresUrl)}: ${postgresTrouble})`]),
    ...(redisTrouble === undefined ? [] : [`Redis (${withoutPassword(redisUrl)}: ${redisTrouble})`]),
    ...(redisServerPath === undefined ? ['the redis-server binary (not on PATH)'] : []),
    ...(opensslPath === undefined ? ['the openssl binary (not on PATH)'] : []),
  ];
  if (missing.length === 0) {
    console.log('services: PostgreSQL, Redis, redis-server and openssl found, no suite is left out');
    return;
  }
  const line = `services: left out are the suites that need ${missing.join(', ')}`;
  if (process.env['SLOTWISE_REQUIRE_SERVICES'] === '1') throw new Error(line);
  console.log(line);
}

/** Opens a session as far as PostgreSQL's answer to the start-up message. Answers what is wrong, if anything. */
async function probePostgres(address: string): Promise<string | undefined> {
  return probe(address, 5432, (url, socket) => {
    const user = decodeURIComponent(url.username || 'postgres');
    const database = decodeURIComponent(url.pathname.slice(1)) || user;
    const parameters = Buffer.from(`user\0${user}\0database\0${database}\0\0`);
    const header = Buffer.alloc(8);
    header.writeInt32BE(header.length + parameters.length, 0);
    header.writeInt32BE(196_608, 4); // protocol 3.0
    socket.write(Buffer.concat([header, parameters]));

    return (received) => {
      for (let at = 0; received.length >= at + 5; at += 1 + received.readInt32BE(at + 1)) {
        const end = at + 1 + received.readInt32BE(at + 1);
        if (received.length < end) return 'more';
        const kind = String.fromCharCode(received[at] ?? 0);
        const body = received.subarray(at + 5, end);
        if (kind === 'E') return { trouble: postgresErrorMessage(body) };
        if (kind === 'Z') return 'ready';
        // A server that asks for a password is there; whether the password fits is for the suites to find out.
        if (kind === 'R' && body.readInt32BE(0) !== 0)
          return url.password === '' ? { trouble: 'a password is required' } : 'ready';
      }
      return 'more';
    };
  });
}

function postgresErrorMessage(body: Buffer): string {
  const message = body
    .toString('utf8')
    .split('\0')
    .find((field) => field.startsWith('M'));
  return message?.slice(1) ?? 'refused';
}

/** Sends PING, after AUTH where the URL carries a password. Answers what is wrong, if anything. */
async function probeRedis(address: string): Promise<string | undefined> {
  return probe(address, 6379, (url, socket) => {
    const credentials = [url.username, url.password].filter((part) => part !== '').map(decodeURIComponent);
    if (url.password !== '') socket.write(redisCommand('AUTH', ...credentials));
    socket.write(redisCommand('PING'));
    return (received) => {
      const text = received.toString('utf8');
      const refusal = /^-(.*)\r\n/m.exec(text);
      if (refusal !== null) return { trouble: refusal[1] ?? 'refused' };
      return text.includes('+PONG') ? 'ready' : 'more';
    };
  });
}

function redisCommand(...words: string[]): string {
  return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
}

type Verdict = 'more' | 'ready' | { readonly trouble: string };

async function probe(
  address: string,
  defaultPort: number,
  greet: (url: URL, socket: Socket) => (received: Buffer) => Verdict,
): Promise<string | undefined> {
  if (!URL.canParse(address)) return 'not a URL';
  const url = new URL(address);
  const target = { host: url.hostname.replace(/^\[|\]$/g, ''), port: Number(url.port || defaultPort) };
  return new Promise((resolve) => {
    const socket = url.protocol === 'rediss:' ? connectTls(target) : connect(target);
    const finish = (trouble?: string): void => {
      socket.destroy();
      resolve(trouble);
    };
    let received = Buffer.alloc(0);
    const judge = greet(url, socket);
    socket.setTimeout(PROBE_TIMEOUT_MS, () => finish('no answer in time'));
    socket.on('error', ({ message }) => finish(message));
    socket.on('close', () => finish('closed the connection'));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      const verdict = judge(received);
      if (verdict === 'ready') finish();
      else if (verdict !== 'more') finish(verdict.trouble);
    });
  });
}

function findOnPath(binary: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, binary))
    .find((candidate) => {
      try {
        accessSync(candidate, constants.X_OK);
        return true;
      } catch {
        return false;
      }
    });
}

function withoutPassword(address: string): string {
  return address.replace(/:[^:@/]*@/, '@');
}

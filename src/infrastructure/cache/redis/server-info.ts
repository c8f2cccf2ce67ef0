import type { Redis } from 'ioredis';

/** `run_id`: another one after every restart and on every other server. Rejects when the server does not tell. */
export async function readIncarnation(client: Pick<Redis, 'info'>): Promise<string> {
  const incarnation = /^run_id:(\w+)/m.exec(await client.info('server'))?.[1];
  if (incarnation === undefined) throw new Error('the server does not tell its run_id');
  return incarnation;
}

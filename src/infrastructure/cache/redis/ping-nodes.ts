import type { RedisNodes } from './redis-nodes.ts';

/** Milliseconds until every server has answered; `undefined` when one does not. */
export async function pingNodes({ nodes }: RedisNodes, limitMs: number): Promise<number | undefined> {
  const startedAt = performance.now();
  const answers = await Promise.all(
    nodes.map(async ({ link }) =>
      link.server === undefined ? undefined : link.send(limitMs, (client) => client.ping()),
    ),
  );
  return answers.length === 0 || answers.includes(undefined) ? undefined : performance.now() - startedAt;
}

import type { Redis } from 'ioredis';

type Command = readonly [name: string, ...args: readonly (string | number)[]];

/** Sends commands to one server in one write; rejects when any of them fails. */
export async function pipelined(client: Redis, commands: readonly Command[]): Promise<readonly unknown[]> {
  const answers = (await client.pipeline(commands.map((command) => [...command])).exec()) ?? [];
  return answers.map(([error, answer]) => {
    if (error !== null) throw error;
    return answer;
  });
}

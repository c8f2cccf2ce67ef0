import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { redisUrl } from './services.ts';

/** A prefix of a suite's own on the shared Redis; its keys are removed in the end, and no others. */
export class ScratchPrefix implements AsyncDisposable {
  readonly prefix = `slotwise_test:${randomBytes(6).toString('hex')}`;

  /** Options that give an SDK this part of the shared Redis. */
  get options(): { readonly url: string; readonly prefix: string } {
    return { url: redisUrl(), prefix: this.prefix };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const client = new Redis(redisUrl());
    try {
      for await (const found of client.scanStream({ match: `${this.prefix}:*`, count: 500 })) {
        const keys = found as string[];
        if (keys.length > 0) await client.del(keys);
      }
    } finally {
      client.disconnect();
    }
  }
}

import { Pool } from 'pg';
import {
  createSlotwise,
  ok,
  type OutboxRelay,
  type RelayOptions,
  type Slotwise,
} from '../../../src/index.ts';
import { answerCalls } from '../child-process-calls.ts';

/** A relay in a process of its own, whose transport writes down what it was given in a table of the test. */

let sdk: Slotwise | undefined;
let relay: OutboxRelay | undefined;
let pool: Pool | undefined;

interface Start {
  readonly database: { readonly url: string; readonly schema: string };
  readonly name: string;
  readonly options: RelayOptions;
  /** Takes every event, and never answers. */
  readonly hangs: boolean;
}

const handlers = {
  async start({ database, name, options, hangs }: Start): Promise<void> {
    const deliveries = new Pool({ connectionString: database.url, max: 4 });
    pool = deliveries;
    sdk = (await createSlotwise({ database, cache: false }))._unsafeUnwrap();
    const transport = {
      async deliver({ id, aggregate }: { readonly id: number; readonly aggregate: string }) {
        await deliveries.query(
          `insert into ${database.schema}.delivery (event_id, aggregate, relay) values ($1, $2, $3)`,
          [id, aggregate, name],
        );
        return hangs ? new Promise<never>(() => undefined) : ok();
      },
    };
    relay = sdk.outbox.relay(transport, options)._unsafeUnwrap();
    relay.start();
  },

  async stop(): Promise<void> {
    await relay?.stop();
    await sdk?.close().unwrapOr(undefined);
    await pool?.end();
  },
};

export type RelayWorker = typeof handlers;

answerCalls(handlers);

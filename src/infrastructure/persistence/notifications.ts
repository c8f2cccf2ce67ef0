import { createHash } from 'node:crypto';
import type { Anchor } from '../../application/caching/anchors.ts';
import type { Db } from './rows/tables.ts';

/** PostgreSQL refuses 8,000 bytes and more, and with them the transaction. */
const MAX_PAYLOAD_BYTES = 7900;

const MAX_IDENTIFIER_BYTES = 63;

/** One channel for each schema. */
export function channelOf(schema: string): string {
  const channel = `slotwise:${schema}`;
  return Buffer.byteLength(channel) <= MAX_IDENTIFIER_BYTES
    ? channel
    : `slotwise:${createHash('sha256').update(schema).digest('hex').slice(0, 32)}`;
}

/** Announces changes in the transaction that makes them: everybody who listens hears of it, if and only if it commits. */
export async function notifyInvalidation(
  db: Db,
  schema: string,
  sender: string,
  anchors: readonly Anchor[],
): Promise<void> {
  for (const payload of payloads(sender, anchors))
    await db
      .selectNoFrom((eb) => eb.fn('pg_notify', [eb.val(channelOf(schema)), eb.val(payload)]).as('sent'))
      .execute();
}

/** As few as possible: `<sender>` and the anchors, a line each. */
export function payloads(sender: string, anchors: readonly Anchor[]): readonly string[] {
  const complete: string[] = [];
  let current = sender;
  for (const anchor of anchors) {
    const longer = `${current}\n${anchor}`;
    if (Buffer.byteLength(longer) > MAX_PAYLOAD_BYTES && current !== sender) {
      complete.push(current);
      current = `${sender}\n${anchor}`;
    } else current = longer;
  }
  return current === sender ? complete : [...complete, current];
}

/** What somebody else announced. */
export function readPayload(payload: string, self: string): readonly Anchor[] {
  const [sender, ...anchors] = payload.split('\n');
  return sender === self ? [] : anchors;
}

import { Instant } from '../../domain/shared/instant.ts';

/** What a button stands for. */
export interface ActionData {
  /** A short name of your own: 1 to 15 lower-case letters, digits, `_` and `-`. */
  readonly action: string;
  /** Of a slot, a booking, a city; a whole number from 0 on. */
  readonly id: number;
  /** A little more, for as much as fits. */
  readonly payload?: string;
  /** From then on it counts no more, to the second; costs 4 bytes. */
  readonly expiresAt?: Instant;
}

// Layout: version and length of the action (a byte, 4 bits each), key id (a byte), action (ASCII), id (LEB128, with a
// flag for the end in its lowest bit), seconds since 1970 (4 bytes, if there is an end), payload (UTF-8, the rest).
const VERSION = 1;
const HEADER_BYTES = 2;
/** 2106: as far as four bytes of seconds reach. */
export const LATEST_END_SECONDS = 0xff_ff_ff_ff;

export function actionToBytes(keyId: number, { action, id, payload = '', expiresAt }: ActionData): Buffer {
  const end = Buffer.alloc(expiresAt === undefined ? 0 : 4);
  if (expiresAt !== undefined) end.writeUInt32BE(Math.floor(expiresAt.epochMilliseconds / 1000));
  return Buffer.concat([
    Buffer.of((VERSION << 4) | action.length, keyId),
    Buffer.from(action, 'ascii'),
    varint(BigInt(id) * 2n + (expiresAt === undefined ? 0n : 1n)),
    end,
    Buffer.from(payload, 'utf8'),
  ]);
}

/** The key that is said to have signed it; `undefined` for what no version of this has made. */
export const keyIdOf = (bytes: Buffer): number | undefined =>
  bytes.length > HEADER_BYTES && (bytes[0] as number) >> 4 === VERSION ? bytes[1] : undefined;

/** Only for bytes whose signature was checked: they are as `actionToBytes` has made them. */
export function actionFromBytes(bytes: Buffer): ActionData {
  let at = HEADER_BYTES + ((bytes[0] as number) & 0xf);
  const action = bytes.toString('ascii', HEADER_BYTES, at);
  let number = 0n;
  for (let shift = 0n; ; shift += 7n) {
    const byte = bytes[at++] as number;
    number |= BigInt(byte & 0x7f) << shift;
    if (byte < 0x80) break;
  }
  const ends = (number & 1n) === 1n;
  const end = ends ? { expiresAt: Instant.fromEpochMilliseconds(bytes.readUInt32BE(at) * 1000) } : {};
  const payload = bytes.toString('utf8', at + (ends ? 4 : 0));
  return { action, id: Number(number >> 1n), ...(payload === '' ? {} : { payload }), ...end };
}

function varint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = value;
  do {
    const more = rest >= 0x80n;
    bytes.push(Number(rest & 0x7fn) | (more ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

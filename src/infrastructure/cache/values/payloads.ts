import { err, ok, ResultAsync, type Result } from 'neverthrow';
import { fail } from '../../../domain/shared/fail.ts';
import type { MissingPackage } from '../../config/errors.ts';
import { loadMsgpackr, MessagePack, survivesMessagePack, type LoadMessagePack } from './message-pack.ts';
import { compress, expand, fromBase64, MAX_EXPANDED_BYTES, toBase64 } from './zstd-text.ts';

/** Turns plain data (what JSON can say) into the text that is stored, and back. */
export interface Payloads {
  encode(data: unknown): string;
  /** Reads every format, whatever this process writes: others may be configured otherwise. Never throws. */
  decode(text: string): Result<unknown, unknown>;
}

export interface PayloadOptions {
  readonly codec: 'json' | 'msgpackr';
  /** What is larger before compression is compressed, if that makes it shorter; `false` for never. */
  readonly compressAboveBytes: number | false;
}

/** The first character of every payload. What is stored stays readable: formats are added, never changed. */
const JSON_TEXT = 'j';
const MESSAGE_PACK = 'm';
const JSON_ZSTD = 'J';
const MESSAGE_PACK_ZSTD = 'M';

/** Answers `MissingPackage` when msgpackr is configured and cannot be loaded. */
export function openPayloads(
  { codec, compressAboveBytes }: PayloadOptions,
  load: LoadMessagePack = loadMsgpackr,
): ResultAsync<Payloads, MissingPackage> {
  const messagePack = new MessagePack(load);

  const encode = (data: unknown = null): string => {
    // Every payload names its format, so that each may be in the one that keeps it as it is.
    if (codec === 'msgpackr' && survivesMessagePack(data)) {
      const bytes = messagePack.pack(data);
      return shorter(MESSAGE_PACK, toBase64(bytes), MESSAGE_PACK_ZSTD, bytes);
    }
    const json = JSON.stringify(data);
    return shorter(JSON_TEXT, json, JSON_ZSTD, json);
  };

  const shorter = (plain: string, text: string, compressed: string, content: string | Uint8Array): string => {
    if (!worthCompressing(content)) return plain + text;
    const frame = compress(content);
    return frame.length < Buffer.byteLength(text) ? compressed + frame : plain + text;
  };

  const worthCompressing = (content: string | Uint8Array): boolean => {
    if (compressAboveBytes === false) return false;
    const size = Buffer.byteLength(content);
    return size > compressAboveBytes && size <= MAX_EXPANDED_BYTES;
  };

  const read = (format: string, text: string): unknown => {
    switch (format) {
      case JSON_TEXT:
        return JSON.parse(text);
      case JSON_ZSTD:
        return JSON.parse(expand(text).toString());
      case MESSAGE_PACK:
        return messagePack.unpack(fromBase64(text));
      case MESSAGE_PACK_ZSTD:
        return messagePack.unpack(expand(text));
      default:
        throw new Error('a payload of no format that is known');
    }
  };

  const decode = (text: string): Result<unknown, unknown> => {
    try {
      return ok(read(text.charAt(0), text.slice(1)));
    } catch (cause) {
      return err(cause);
    }
  };

  const ready = codec === 'msgpackr' ? messagePack.load() : Promise.resolve(true);
  return new ResultAsync(ready.then((loaded) => (loaded ? ok({ encode, decode }) : fail(msgpackrMissing))));
}

const msgpackrMissing: MissingPackage = {
  type: 'MissingPackage',
  packages: ['msgpackr'],
  install: 'npm install msgpackr@2',
};

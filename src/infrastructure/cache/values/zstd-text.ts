import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';

/** Nothing larger is expanded, so that a few stored bytes cannot fill the memory of whoever reads them. */
export const MAX_EXPANDED_BYTES = 16 * 1024 * 1024;

/** A frame may ask its reader for a window to expand into; 2^24 bytes are as much as we expand at all. */
const expansionParams = { [constants.ZSTD_d_windowLogMax]: 24 };

/** `<bytes when expanded>:<zstd frame as base64>`. Blocks for about 20 µs, and 2 µs for every kilobyte. */
export function compress(content: string | Uint8Array): string {
  const frame = toBase64(zstdCompressSync(content));
  return `${Buffer.byteLength(content)}:${frame}`;
}

/** Throws for everything that `compress` did not write, and for what is too large. */
export function expand(text: string): Buffer {
  const [, digits, frame] = /^(\d{1,8}):(.*)$/.exec(text) ?? [];
  const size = Number(digits);
  if (frame === undefined || size > MAX_EXPANDED_BYTES) throw new Error('no compressed text, or too large');
  const content = zstdDecompressSync(fromBase64(frame), {
    maxOutputLength: size,
    params: expansionParams,
  });
  // Node before 24 answers the beginning of a frame that was cut off as if that were all.
  if (content.length !== size) throw new Error('a part of the compressed text is missing');
  return content;
}

/** Without padding, so that no character of it can be lost unnoticed. */
export const toBase64 = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64url');

/** Strict, which `Buffer` is not: it skips what is no base64 and would read the rest as something else. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.toString('base64url') !== text) throw new Error('not base64');
  return bytes;
}

import { randomBytes } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { zstdCompressSync } from 'node:zlib';
import * as fc from 'fast-check';
import * as msgpackr from 'msgpackr';
import { describe, expect, it, vi } from 'vitest';
import type { LoadMessagePack } from '../../../../src/infrastructure/cache/values/message-pack.ts';
import { compress } from '../../../../src/infrastructure/cache/values/zstd-text.ts';
import {
  openPayloads,
  type PayloadOptions,
  type Payloads,
} from '../../../../src/infrastructure/cache/values/payloads.ts';

const open = async (options: PayloadOptions): Promise<Payloads> =>
  (await openPayloads(options))._unsafeUnwrap();

const plainJson = await open({ codec: 'json', compressAboveBytes: false });
const smallJson = await open({ codec: 'json', compressAboveBytes: 0 });
const plainPack = await open({ codec: 'msgpackr', compressAboveBytes: false });
const smallPack = await open({ codec: 'msgpackr', compressAboveBytes: 0 });

const configurations = [
  { name: 'JSON', payloads: plainJson },
  { name: 'compressed JSON', payloads: smallJson },
  { name: 'msgpackr', payloads: plainPack },
  { name: 'compressed msgpackr', payloads: smallPack },
];

/** Repeats enough to be worth compressing. */
const rows = Array.from({ length: 20 }, (_, id) => ({
  id,
  name: `Łódź ${id} 🚆`,
  at: 1_893_456_000_000,
  note: null,
}));

const trams = Array.from({ length: 6 }, (_, id) => ({
  id,
  name: 'Köln',
  active: true,
  at: 1_893_456_000_000,
  none: null,
}));

/** The same list in every format, as a server may still hold it: none of them may become unreadable. */
const wire = {
  JSON: `j[${trams.map(({ id }) => `{"id":${id},"name":"Köln","active":true,"at":1893456000000,"none":null}`).join(',')}]`,
  'compressed JSON':
    'J415:KLUv_WCfAO0CAHQEW3siaWQiOjAsIm5hbWUiOiJLw7ZsbiIsImFjdGl2ZSI6dHJ1ZSwiYXQiOjE4OTM0NTYwLCJub25lIjpudWxsfSwxMjM0NV0HAAKSBEAvAMoCoBKALiSgmhZAAQ',
  msgpackr:
    'mltRyQJWiaWSkbmFtZaZhY3RpdmWiYXSkbm9uZQClS8O2bG7Dy0J7jaxbQAAAwEABpUvDtmxuw8tCe42sW0AAAMBAAqVLw7ZsbsPLQnuNrFtAAADAQAOlS8O2bG7Dy0J7jaxbQAAAwEAEpUvDtmxuw8tCe42sW0AAAMBABaVLw7ZsbsPLQnuNrFtAAADA',
  'compressed msgpackr':
    'M141:KLUv_SCNHQIARAOW1HJAlaJpZKRuYW1lpmFjdGl2ZaJhdKRub25lAKVLw7ZsbsPLQnuNrFtAAADAQAECAwQFBQBgFuAd8BjwBJg3oQ',
};

/** JSON, with every character there is, halves of surrogate pairs and odd keys among them. */
const json = fc
  .jsonValue({ maxDepth: 4, depthSize: 'small', stringUnit: 'binary' })
  .map((data) => JSON.parse(JSON.stringify(data)) as unknown);

describe.each(configurations)('payloads as $name', ({ payloads }) => {
  it('come back as they were, under every configuration', () => {
    fc.assert(
      fc.property(json, (data) => {
        const text = payloads.encode(data);
        for (const reader of configurations)
          expect(isDeepStrictEqual(reader.payloads.decode(text)._unsafeUnwrap(), data)).toBe(true);
      }),
    );
  });

  it('come back when they are long lists of records', () => {
    expect(payloads.decode(payloads.encode(rows))._unsafeUnwrap()).toStrictEqual(rows);
  });

  it('keep halves of surrogate pairs and odd keys', () => {
    const odd: unknown = JSON.parse(
      '{"\\ud800":"\\udc00x","__proto__":{"a":1},"":[],"constructor":{},"toString":null}',
    );
    expect(isDeepStrictEqual(payloads.decode(payloads.encode(odd))._unsafeUnwrap(), odd)).toBe(true);
    expect({}).not.toHaveProperty('a');
  });

  it('are well-formed text', () => {
    fc.assert(
      fc.property(json, (data) => {
        expect(payloads.encode(data).isWellFormed()).toBe(true);
      }),
    );
  });

  it('take nothing for null', () => {
    expect(payloads.decode(payloads.encode(undefined))._unsafeUnwrap()).toBeNull();
  });

  const readable = (texts: readonly string[]) => texts.filter((text) => payloads.decode(text).isOk());

  it('are refused when they are cut off anywhere', () => {
    const text = payloads.encode(rows);
    expect(readable(Array.from(text, (_, length) => text.slice(0, length)))).toEqual([]);
  });

  it('are refused when something is added', () => {
    const text = payloads.encode(rows);
    const places = [0, 2, text.length - 3, text.length];
    expect(readable(places.map((at) => `${text.slice(0, at)}*${text.slice(at)}`))).toEqual([]);
  });

  it('never throw when they are damaged', () => {
    const text = payloads.encode(rows);
    fc.assert(
      fc.property(fc.nat(text.length - 1), fc.string({ unit: 'binary', maxLength: 3 }), (at, damage) => {
        const damaged = text.slice(0, at) + damage + text.slice(at + 1);
        expect(() => payloads.decode(damaged)).not.toThrow();
      }),
      { numRuns: 1000 },
    );
  });

  it('are refused when they are of no known format', () => {
    expect(
      readable(['', 'x', 'x{}', '{}', '🚆', 'j', 'J', 'J1:', 'J:', 'm', 'M', 'M0:', 'm=', 'J4:bnVs']),
    ).toEqual([]);
  });

  it.each(Object.entries(wire))('read what was stored as %s', (_, text) => {
    expect(payloads.decode(text)._unsafeUnwrap()).toStrictEqual(trams);
  });
});

const formatOf = (payloads: Payloads, data: unknown): string => payloads.encode(data).charAt(0);

describe('compression', () => {
  it('starts above the size that is configured', async () => {
    const content = 'x'.repeat(498);
    // With its quotes the text is 500 bytes long.
    expect(formatOf(await open({ codec: 'json', compressAboveBytes: 500 }), content)).toBe('j');
    expect(formatOf(await open({ codec: 'json', compressAboveBytes: 499 }), content)).toBe('J');
    // MessagePack needs three bytes to say how long it is.
    expect(formatOf(await open({ codec: 'msgpackr', compressAboveBytes: 501 }), content)).toBe('m');
    expect(formatOf(await open({ codec: 'msgpackr', compressAboveBytes: 500 }), content)).toBe('M');
  });

  it('counts bytes, not characters', async () => {
    const payloads = await open({ codec: 'json', compressAboveBytes: 500 });
    expect(formatOf(payloads, 'x'.repeat(300))).toBe('j');
    expect(formatOf(payloads, 'ж'.repeat(300))).toBe('J');
  });

  it('is left out where it makes nothing shorter', () => {
    const noise = randomBytes(5000).toString('base64');
    expect(formatOf(smallJson, noise)).toBe('j');
    expect(formatOf(smallJson, { id: 1 })).toBe('j');
    expect(formatOf(smallPack, { id: 1 })).toBe('m');
  });

  it('makes a list of records at least four times smaller', () => {
    expect(smallJson.encode(rows).length).toBeLessThan(plainJson.encode(rows).length / 4);
  });

  it('never writes what nobody would expand', () => {
    const large = 'x'.repeat(16 * 1024 * 1024);
    expect(formatOf(smallJson, large)).toBe('j');
    expect(smallJson.decode(smallJson.encode(large.slice(2)))._unsafeUnwrap()).toBe(large.slice(2));
  });
});

describe('a payload that expands without end', () => {
  const bomb = zstdCompressSync(Buffer.alloc(256 * 1024 * 1024)).toString('base64url');
  const text = JSON.stringify('x'.repeat(1000));
  const declared = ['268435456', '16777217', '16777216', '1000', '99999999999999999999', '0', '-1'];

  it.each(declared)('is refused when it claims to hold %s bytes', (size) => {
    expect(bomb.length).toBeLessThan(20_000);
    for (const { payloads } of configurations) {
      const before = process.memoryUsage().arrayBuffers;
      expect(payloads.decode(`J${size}:${bomb}`).isErr()).toBe(true);
      expect(payloads.decode(`M${size}:${bomb}`).isErr()).toBe(true);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(80 * 1024 * 1024);
    }
  });

  it('is refused when it is whole, but too large', () => {
    const content = JSON.stringify('x'.repeat(17 * 1024 * 1024));
    expect(smallJson.decode(`J${compress(content)}`).isErr()).toBe(true);
  });

  it('is refused when it asks for more memory than it could fill', () => {
    // A frame of one uncompressed block, the header of which says how large a window its reader has to have.
    const frame = (windowLog: number) => {
      const header = [0x28, 0xb5, 0x2f, 0xfd, 0x00, (windowLog - 10) * 8];
      const block = [1 + ((text.length * 8) % 256), Math.floor(text.length / 32), 0];
      return Buffer.concat([Buffer.from([...header, ...block]), Buffer.from(text)]).toString('base64url');
    };
    expect(plainJson.decode(`J${text.length}:${frame(24)}`).isOk()).toBe(true);
    expect(plainJson.decode(`J${text.length}:${frame(27)}`).isErr()).toBe(true);

    const listOf4GigaItems = Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]);
    expect(plainPack.decode(`m${listOf4GigaItems.toString('base64url')}`).isErr()).toBe(true);
  });

  it('does not pass for a shorter or a longer one', () => {
    const [, frame] = compress(text).split(':');
    expect(plainJson.decode(`J${text.length}:${frame}`)._unsafeUnwrap()).toBe('x'.repeat(1000));
    expect(plainJson.decode(`J${text.length - 1}:${frame}`).isErr()).toBe(true);
    expect(plainJson.decode(`J${text.length + 1}:${frame}`).isErr()).toBe(true);
  });
});

describe('msgpackr', () => {
  const absent = () => Promise.reject(new Error('Cannot find package'));

  it('is named with the command that installs it when it is configured and missing', async () => {
    const opened = await openPayloads({ codec: 'msgpackr', compressAboveBytes: false }, absent);
    expect(opened._unsafeUnwrapErr()).toEqual({
      type: 'MissingPackage',
      packages: ['msgpackr'],
      install: 'npm install msgpackr@2',
    });
  });

  it('is not loaded while nothing needs it', async () => {
    const load = vi.fn<LoadMessagePack>(() => Promise.resolve(msgpackr));
    const payloads = (await openPayloads({ codec: 'json', compressAboveBytes: 0 }, load))._unsafeUnwrap();
    expect(payloads.decode(payloads.encode(rows)).isOk()).toBe(true);
    expect(load).not.toHaveBeenCalled();
  });

  it('is loaded when a payload of it is met, and reads the next one', async () => {
    const load = vi.fn<LoadMessagePack>(() => Promise.resolve(msgpackr));
    const payloads = (await openPayloads({ codec: 'json', compressAboveBytes: 0 }, load))._unsafeUnwrap();
    expect(payloads.decode(wire.msgpackr).isErr()).toBe(true);
    await vi.waitFor(() => expect(payloads.decode(wire.msgpackr)._unsafeUnwrap()).toStrictEqual(trams));
    expect(load).toHaveBeenCalledTimes(1);
  });

  it('that is missing makes its payloads unreadable, and is looked for once', async () => {
    const load = vi.fn<LoadMessagePack>(absent);
    const payloads = (await openPayloads({ codec: 'json', compressAboveBytes: 0 }, load))._unsafeUnwrap();
    for (let attempt = 0; attempt < 3; attempt += 1) {
      expect(payloads.decode(wire.msgpackr).isErr()).toBe(true);
      expect(payloads.decode(wire['compressed msgpackr']).isErr()).toBe(true);
      await Promise.resolve();
    }
    expect(load).toHaveBeenCalledTimes(1);
    expect(payloads.decode(wire.JSON)._unsafeUnwrap()).toStrictEqual(trams);
  });

  it('leaves to JSON what it would change', () => {
    expect(formatOf(plainPack, ['fine'])).toBe('m');
    expect(formatOf(plainPack, ['\ud800'])).toBe('j');
    expect(formatOf(plainPack, { '\ud800': 1 })).toBe('j');
    expect(formatOf(plainPack, JSON.parse('{"__proto__":1}'))).toBe('j');
  });

  it('forgets a damaged payload before it reads the next one', () => {
    const whole = plainPack.encode(rows);
    const cut = Array.from(whole, (_, length) => plainPack.decode(whole.slice(0, length)));
    expect(cut.every((read) => read.isErr())).toBe(true);
    expect(plainPack.decode(whole)._unsafeUnwrap()).toStrictEqual(rows);
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { channelOf, payloads, readPayload } from '../../../src/infrastructure/persistence/notifications.ts';

const sender = '0b9c2b1e-3f0c-4f3e-9a40-7a1f4a3f2f10';

/** PostgreSQL refuses payloads of so many bytes. */
const LIMIT_BYTES = 8000;

describe('what is announced through PostgreSQL', () => {
  it('fits into one payload where it can', () => {
    expect(payloads(sender, ['slot:1', 'slots'])).toEqual([`${sender}\nslot:1\nslots`]);
  });

  it('is nothing when nothing has changed', () => {
    expect(payloads(sender, [])).toEqual([]);
  });

  it('is split so that PostgreSQL takes every part', () => {
    const anchors = Array.from({ length: 5000 }, (_, index) => `slots:free:recruiter:${index}`);
    const parts = payloads(sender, anchors);
    expect(parts.length).toBeGreaterThan(1);
    for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThan(LIMIT_BYTES);
    expect(parts.flatMap((part) => readPayload(part, 'somebody else'))).toEqual(anchors);
  });

  it('names every anchor once, in order, in parts that are small enough, whatever the anchors are', () => {
    const anchor = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 512 })
      .filter((text) => !/\n/.test(text));
    fc.assert(
      fc.property(fc.array(anchor, { maxLength: 200 }), (anchors) => {
        const parts = payloads(sender, anchors);
        for (const part of parts) expect(Buffer.byteLength(part)).toBeLessThan(LIMIT_BYTES);
        expect(parts.flatMap((part) => readPayload(part, 'somebody else'))).toEqual(anchors);
      }),
      { numRuns: 200 },
    );
  });

  it('uses the room there is: no two parts would have fitted into one', () => {
    const anchors = Array.from({ length: 3000 }, (_, index) => `candidate:telegram:${index}`);
    const sizes = payloads(sender, anchors).map((part) => Buffer.byteLength(part));
    for (const [index, size] of sizes.slice(0, -1).entries())
      expect(size + (sizes[index + 1] ?? 0)).toBeGreaterThan(7900);
  });

  it('is not acted on by who announced it', () => {
    expect(readPayload(`${sender}\nslot:1`, sender)).toEqual([]);
  });

  it('goes through a channel of its own for every schema, whose name PostgreSQL does not cut', () => {
    const long = 'a'.repeat(63);
    expect(channelOf('slotwise')).toBe('slotwise:slotwise');
    expect(Buffer.byteLength(channelOf(long))).toBeLessThanOrEqual(63);
    expect(channelOf(long)).not.toBe(channelOf(`${'a'.repeat(62)}b`));
  });
});

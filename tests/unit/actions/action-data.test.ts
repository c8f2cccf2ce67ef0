import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeAction, encodeAction, type ActionKey, type NewActionData } from '../../../src/index.ts';
import { now } from '../domain/subjects.ts';

const key = (id: number): ActionKey => ({ id, secret: `a secret of this test that is long enough ${id}` });
const keys = [key(1)];
const encoded = (data: NewActionData, options = { keys }) => encodeAction(data, options)._unsafeUnwrap();
const decoded = (text: string, options: Parameters<typeof decodeAction>[1] = { keys }) =>
  decodeAction(text, options).match(
    (data) => data,
    (error) => error,
  );

describe('the data of a button', () => {
  it('comes back as it was, in 64 bytes at most', () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[a-z0-9_-]{1,8}$/),
        fc.maxSafeNat(),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 }),
        (action, id, payload) => {
          const text = encodeAction({ action, id, payload }, { keys });
          // As it was, or not at all.
          const came = text.map((data) => ({ fits: data.length <= 64, back: decoded(data) }));
          expect(
            came.match<unknown>(
              (one) => one,
              (error) => error.type,
            ),
          ).toEqual(text.isErr() ? 'ActionTooLong' : { fits: true, back: { action, id, payload } });
        },
      ),
      { numRuns: 300 },
    );
  });

  it('fits with what bots need: an action, an id, an end and some payload', () => {
    const full = { action: 'take', id: 9_999_999, payload: 'x'.repeat(24), expiresAt: now };
    expect(encoded(full)).toHaveLength(64);
    expect(encodeAction({ ...full, payload: 'x'.repeat(25) }, { keys })._unsafeUnwrapErr()).toMatchObject({
      type: 'ActionTooLong',
      limit: 64,
    });
  });

  it('takes any id there can be, and an end to the second', () => {
    for (const id of [0, 1, 63, 64, 127, 128, 2 ** 31, 2 ** 32, Number.MAX_SAFE_INTEGER])
      for (const end of [{}, { expiresAt: now }]) {
        const text = encoded({ action: 'a', id, ...end });
        expect(decoded(text, { keys, now: now.plus(-1) })).toEqual({ action: 'a', id, ...end });
      }
  });

  it('expires', () => {
    const text = encoded({ action: 'take', id: 5, expiresAt: now });
    expect(decoded(text, { keys, now: now.plus(-1) })).toMatchObject({ id: 5 });
    expect(decoded(text, { keys, now })).toEqual({ type: 'ActionExpired', expiredAt: now });
  });

  it('is refused when any bit of it was changed', () => {
    const bytes = Buffer.from(encoded({ action: 'take', id: 5, payload: 'x', expiresAt: now }), 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      // The second byte names the key, so a change of it names another.
      const type = bit >> 3 === 1 ? 'UnknownActionKey' : 'ActionTampered';
      expect(decoded(changed.toString('base64url'), { keys, now: now.plus(-1) })).toMatchObject({ type });
    }
  });

  it('is refused when it is cut, lengthened, spelt otherwise or made up', () => {
    const text = encoded({ action: 'take', id: 5 });
    const made = [text.slice(0, -1), `${text}A`, `${text}=`, ` ${text}`, '', 'take:5', 'A'.repeat(64)];
    const strange = [...made, 'A'.repeat(1_000_000), undefined as never, 5 as never, {} as never];
    for (const other of strange) expect(decoded(other)).toMatchObject({ type: 'ActionTampered' });
    fc.assert(
      fc.property(fc.string({ maxLength: 70 }), (any) => {
        expect(decoded(any)).toHaveProperty('type');
      }),
    );
  });

  it('is somebody’s own where that is asked for', () => {
    const text = encoded({ action: 'take', id: 5 }, { keys, boundTo: '7000000001' } as never);
    expect(decoded(text, { keys, boundTo: '7000000001' })).toEqual({ action: 'take', id: 5 });
    for (const boundTo of ['7000000002', '', undefined])
      expect(decoded(text, { keys, ...(boundTo === undefined ? {} : { boundTo }) })).toEqual({
        type: 'ActionTampered',
      });
  });

  it('is still good while its key is one of several, and no more afterwards', () => {
    const text = encoded({ action: 'take', id: 5 });
    const rotated = [key(2), key(1)];
    expect(decoded(text, { keys: rotated })).toEqual({ action: 'take', id: 5 });
    expect(encoded({ action: 'take', id: 5 }, { keys: rotated })).not.toBe(text);
    expect(decoded(text, { keys: [key(2)] })).toEqual({ type: 'UnknownActionKey', keyId: 1 });
    const another = [{ ...key(1), secret: 'x'.repeat(32) }];
    expect(decoded(text, { keys: another })).toEqual({ type: 'ActionTampered' });
  });

  it.each([
    ['action', { action: '' }],
    ['action', { action: 'Take' }],
    ['action', { action: 'x'.repeat(16) }],
    ['id', { id: -1 }],
    ['id', { id: 1.5 }],
    ['id', { id: 2 ** 53 }],
    ['payload', { payload: '\uD800' }],
    ['expiresAt', { expiresAt: '1969-12-31T23:59:59Z' }],
    ['expiresAt', { expiresAt: '2106-02-08T00:00:00Z' }],
    ['expiresAt', { expiresAt: 'soon' }],
  ])('is not made with a wrong %s: %j', (field, wrong) => {
    expect(encodeAction({ action: 'take', id: 5, ...wrong }, { keys })._unsafeUnwrapErr()).toMatchObject({
      type: 'Validation',
      field,
    });
  });

  it.each([
    ['keys', []],
    ['keys', [key(1), key(1)]],
    ['keys[0].id', [key(256)]],
    ['keys[0].secret', [{ id: 1, secret: 'short' }]],
    ['keys', undefined as never],
    ['keys[0].id', [null as never]],
  ])('needs keys that are good: %s', (field, wrong) => {
    const refused = { type: 'Validation', field };
    expect(encodeAction({ action: 'a', id: 1 }, { keys: wrong })._unsafeUnwrapErr()).toMatchObject(refused);
    expect(decoded('x', { keys: wrong })).toMatchObject(refused);
  });
});

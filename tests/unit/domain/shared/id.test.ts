import { describe, expect, it } from 'vitest';
import {
  parseBookingId,
  parseCandidateId,
  parseCityId,
  parseIds,
  parseRecruiterId,
  parseSlotId,
} from '../../../../src/domain/shared/id.ts';

const parsers = {
  recruiterId: parseRecruiterId,
  cityId: parseCityId,
  slotId: parseSlotId,
  bookingId: parseBookingId,
  candidateId: parseCandidateId,
};

describe.each(Object.entries(parsers))('%s', (field, parse) => {
  it.each([1, 42, Number.MAX_SAFE_INTEGER])('accepts %d', (input) => {
    expect(parse(input)._unsafeUnwrap()).toBe(input);
  });

  it.each([0, -1, 1.5, Number.NaN, Infinity, -Infinity, 2 ** 53, '1', null, undefined, 1n, {}])(
    'refuses %s',
    (input) => {
      expect(parse(input as number)._unsafeUnwrapErr()).toEqual({
        type: 'Validation',
        field,
        message: 'must be a positive integer',
      });
    },
  );

  it('names the field as the caller knows it', () => {
    expect(parse(0, 'filter.id')._unsafeUnwrapErr().field).toBe('filter.id');
  });
});

describe('a list of ids', () => {
  it('names the position of the one that is wrong', () => {
    expect(parseIds(parseCityId, [1, 2, 0], 'cityIds')._unsafeUnwrapErr().field).toBe('cityIds[2]');
    expect(parseIds(parseCityId, [3, 3])._unsafeUnwrap()).toEqual([3, 3]);
    expect(parseIds(parseCityId, [])._unsafeUnwrap()).toEqual([]);
  });

  it.each([null, undefined, 5, '12', {}, { length: 1 }, new Set([1]), Symbol('ids')])('is not %s', (ids) => {
    expect(parseIds(parseCityId, ids as never, 'cityIds')._unsafeUnwrapErr()).toEqual({
      type: 'Validation',
      field: 'cityIds',
      message: 'must be an array',
    });
  });

  it('has no holes', () => {
    const ids = [1];
    ids[2] = 3;
    expect(parseIds(parseCityId, ids)._unsafeUnwrapErr().field).toBe('ids[1]');
  });
});

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Candidate } from '../../../src/domain/candidate/candidate.ts';
import { City } from '../../../src/domain/city/city.ts';
import { MessageTemplate } from '../../../src/domain/message-template/message-template.ts';
import { templateChannels } from '../../../src/domain/message-template/template-channel.ts';
import { Recruiter } from '../../../src/domain/recruiter/recruiter.ts';
import type {
  BookingId,
  CandidateId,
  CityId,
  RecruiterId,
  SlotId,
  TemplateId,
} from '../../../src/domain/shared/id.ts';
import { Instant } from '../../../src/domain/shared/instant.ts';
import type { TelegramId } from '../../../src/domain/shared/telegram-id.ts';
import type { TimeZoneId } from '../../../src/domain/shared/time-zone.ts';
import { slotStatuses } from '../../../src/domain/slot/slot-status.ts';
import { Slot } from '../../../src/domain/slot/slot.ts';
import {
  candidateCodecs,
  cityCodecs,
  recruiterCodecs,
  slotCodecs,
  templateCodecs,
  type EntityCodecs,
} from '../../../src/infrastructure/records/codecs.ts';
import { cityFromRecord, cityToRecord } from '../../../src/infrastructure/records/city-record.ts';
import { slotFromRecord, slotToRecord } from '../../../src/infrastructure/records/slot-record.ts';

const id = <Id extends number>() =>
  fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((value) => value as Id);
const version = fc.integer({ min: 1, max: 2 ** 31 - 1 });
const text = fc.string({ minLength: 1, unit: 'grapheme' });
const timeZone = fc.constantFrom('Europe/Berlin', 'Asia/Kathmandu', 'UTC').map((zone) => zone as TimeZoneId);
const telegramId = fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map((value) => String(value) as TelegramId);
const instant = fc
  .integer({ min: -62_135_596_800_000, max: 253_402_300_799_999 })
  .map((at) => Instant.fromEpochMilliseconds(at));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });

const policy = fc.record(
  {
    approval: fc.constantFrom('auto' as const, 'manual' as const),
    freezeMinutes: fc.nat(1000),
    horizonMinutes: fc.option(fc.nat(1000)),
  },
  { requiredKeys: [], noNullPrototype: true },
);

const city = fc
  .record({ id: id<CityId>(), name: text, timeZone, active: fc.boolean(), policy, version })
  .map((props) => new City(props));

const recruiter = fc
  .record({
    id: id<RecruiterId>(),
    name: text,
    timeZone,
    cityIds: fc.uniqueArray(id<CityId>()).map((ids) => ids.sort((a, b) => a - b)),
    telegramChatId: maybe(telegramId),
    active: fc.boolean(),
    policy,
    version,
  })
  .map((props) => new Recruiter(props));

const candidate = fc
  .record({
    id: id<CandidateId>(),
    fullName: text,
    telegramId: maybe(telegramId),
    username: maybe(text),
    phone: maybe(text),
    timeZone: maybe(timeZone),
    active: fc.boolean(),
    version,
  })
  .map((props) => new Candidate(props));

const slot = fc
  .record({
    id: id<SlotId>(),
    recruiterId: id<RecruiterId>(),
    cityId: id<CityId>(),
    purpose: fc.constantFrom('interview', 'intro_day'),
    timeZone,
    startsAt: instant,
    endsAt: instant,
    occupiedFrom: instant,
    occupiedUntil: instant,
    policy,
    status: fc.constantFrom(...slotStatuses),
    candidateId: maybe(id<CandidateId>()),
    currentBookingId: maybe(id<BookingId>()),
    holdExpiresAt: maybe(instant),
    version,
  })
  .map((props) => new Slot(props));

const template = fc
  .record({
    id: id<TemplateId>(),
    key: fc.stringMatching(/^[a-z0-9_]{1,64}$/),
    locale: fc.constantFrom('en', 'pt-BR'),
    channel: fc.constantFrom(...templateChannels),
    cityId: maybe(id<CityId>()),
    body: text,
    version,
    active: fc.boolean(),
    updatedBy: maybe(text),
    createdAt: instant,
  })
  .map((props) => new MessageTemplate(props));

/** What a cache makes of plain data. */
const stored = (data: unknown): unknown => JSON.parse(JSON.stringify(data));

const kinds: readonly {
  name: string;
  entity: fc.Arbitrary<object>;
  codecs: EntityCodecs<object>;
  type: new (...args: never[]) => object;
}[] = [
  { name: 'city', entity: city, codecs: cityCodecs, type: City },
  {
    name: 'template',
    entity: template,
    codecs: templateCodecs,
    type: MessageTemplate,
  },
  {
    name: 'recruiter',
    entity: recruiter,
    codecs: recruiterCodecs,
    type: Recruiter,
  },
  {
    name: 'candidate',
    entity: candidate,
    codecs: candidateCodecs,
    type: Candidate,
  },
  { name: 'slot', entity: slot, codecs: slotCodecs, type: Slot },
];

describe.each(kinds)('what is cached of a $name', ({ entity, codecs, type }) => {
  it('comes back as the same class with the same values', () => {
    fc.assert(
      fc.property(entity, (value) => {
        const back = codecs.one.fromData(stored(codecs.one.toData(value)))._unsafeUnwrap();
        expect(back).toBeInstanceOf(type);
        expect(back).toStrictEqual(value);
        expect(Object.isFrozen(back)).toBe(true);
      }),
    );
  });

  it('comes back in lists and pages as well', () => {
    fc.assert(
      fc.property(fc.array(entity, { maxLength: 5 }), maybe(fc.string()), (items, nextCursor) => {
        expect(codecs.list.fromData(stored(codecs.list.toData(items)))._unsafeUnwrap()).toStrictEqual(items);
        const page = nextCursor === undefined ? { items } : { items, nextCursor };
        expect(codecs.page.fromData(stored(codecs.page.toData(page)))._unsafeUnwrap()).toStrictEqual(page);
        const numbered = { ...page, page: 3, limit: 5, total: 99 };
        expect(codecs.page.fromData(stored(codecs.page.toData(numbered)))._unsafeUnwrap()).toStrictEqual(
          numbered,
        );
      }),
    );
  });

  it('is refused when any field is missing or of another kind', () => {
    fc.assert(
      fc.property(entity, fc.nat(), fc.constantFrom({}, [], Number.NaN), (value, pick, wrong) => {
        const record = codecs.one.toData(value) as Record<string, unknown>;
        // Of rules, those that are not known are left alone.
        const names = Object.keys(record).filter((field) => field !== 'policy');
        const name = names[pick % names.length] ?? '';
        expect(codecs.one.fromData({ ...record, [name]: { wrong } }).isErr()).toBe(true);
      }),
    );
  });

  it('is refused, never thrown about, when it is any other data', () => {
    fc.assert(
      fc.property(fc.anything(), (rubbish) => {
        expect(codecs.one.fromData(rubbish).isErr()).toBe(true);
        expect(codecs.page.fromData(rubbish).isErr()).toBe(true);
      }),
    );
  });
});

describe('the rules of a record', () => {
  const policyOf = (kept: unknown) => {
    const [example] = fc.sample(city, 1);
    if (example === undefined) throw new Error('expected a city');
    return cityFromRecord({ ...cityToRecord(example), policy: kept }).map((read) => read.policy);
  };

  it('are read from JSON and from what a driver has made of it', () => {
    expect(policyOf('{"approval":"auto"}')._unsafeUnwrap()).toEqual({ approval: 'auto' });
    expect(policyOf({ horizonMinutes: null })._unsafeUnwrap()).toEqual({ horizonMinutes: null });
  });

  it('may hold some that only a later release knows', () => {
    expect(policyOf({ approval: 'auto', later: { anything: 1 } })._unsafeUnwrap()).toEqual({
      approval: 'auto',
    });
  });

  it.each(['{', '[]', 5, null, undefined, { approval: 'perhaps' }, { holdMinutes: -1 }])(
    'are not read from %j',
    (wrong) => {
      expect(policyOf(wrong)._unsafeUnwrapErr()).toMatchObject({ type: 'CorruptRecord', entity: 'city' });
    },
  );
});

describe('an instant of a record', () => {
  const startsAt = (value: unknown) => {
    const [example] = fc.sample(slot, 1);
    if (example === undefined) throw new Error('expected a slot');
    return slotFromRecord({ ...slotToRecord(example), starts_at: value }).map((read) => read.startsAt);
  };
  const expected = Instant.fromEpochMilliseconds(Date.UTC(2030, 0, 7, 9, 0, 0, 500));

  it.each([
    expected.epochMilliseconds,
    '2030-01-07T09:00:00.500Z',
    '2030-01-07 09:00:00.5+00',
    '2030-01-07 10:00:00.5+01',
    expected.toDate(),
  ])('is read from %s', (form) => {
    expect(startsAt(form)._unsafeUnwrap()).toStrictEqual(expected);
  });

  it.each([Number.NaN, Infinity, 0.5, 8.64e15 + 1, new Date(Number.NaN), 'soon', 1n, true])(
    'is not read from %s',
    (form) => {
      expect(startsAt(form)._unsafeUnwrapErr()).toMatchObject({ type: 'CorruptRecord', entity: 'slot' });
    },
  );
});

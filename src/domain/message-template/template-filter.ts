import { ok, Result } from 'neverthrow';
import { parseCityId } from '../shared/id.ts';
import { parseActive, parseObject } from '../shared/input.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import type { TemplateFilter } from './message-template-repository.ts';
import { parseChannel, parseLocale, parseTemplateKey } from './template-name.ts';

/** Checks a filter, because what it asks for becomes part of a cache key. */
export const parseTemplateFilter = (input: TemplateFilter = {}): Result<TemplateFilter, ValidationError> =>
  parseObject(input, 'filter').andThen(({ key, locale, channel, cityId, active }) =>
    Result.combine([
      key === undefined ? ok(undefined) : parseTemplateKey(key),
      locale === undefined ? ok(undefined) : parseLocale(locale),
      channel === undefined ? ok(undefined) : parseChannel(channel),
      cityId === undefined || cityId === null ? ok(cityId) : parseCityId(cityId),
      active === undefined ? ok(undefined) : parseActive(active),
    ]).map((valid) => ({
      ...(valid[0] === undefined ? {} : { key: valid[0] }),
      ...(valid[1] === undefined ? {} : { locale: valid[1] }),
      ...(valid[2] === undefined ? {} : { channel: valid[2] }),
      ...(valid[3] === undefined ? {} : { cityId: valid[3] }),
      ...(valid[4] === undefined ? {} : { active: valid[4] }),
    })),
  );

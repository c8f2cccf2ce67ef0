import { ok, Result } from 'neverthrow';
import { parseCityId, type CityId, type IdInput } from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { textLimits } from '../shared/text.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { templateChannels, type TemplateChannel } from './template-channel.ts';

/** Which text is meant: what it is for, in which language, for which channel, and where. */
export interface TemplateNameInput {
  /** What it is for: lower-case letters, digits and underscores, `booking_approved`. */
  readonly key: string;
  /** A language tag: `en`, `pt-BR`. */
  readonly locale: string;
  readonly channel: TemplateChannel;
  /** The text of one city; the one for all cities when left out. */
  readonly cityId?: IdInput<CityId> | undefined;
}

/** A validated {@link TemplateNameInput}. */
export interface TemplateName {
  readonly key: string;
  readonly locale: string;
  readonly channel: TemplateChannel;
  readonly cityId: CityId | undefined;
}

export const parseTemplateName = (input: TemplateNameInput): Result<TemplateName, ValidationError> =>
  parseObject(input, 'template').andThen(({ key, locale, channel, cityId }) =>
    Result.combine([
      parseTemplateKey(key),
      parseLocale(locale),
      parseChannel(channel),
      cityId === undefined ? ok(undefined) : parseCityId(cityId),
    ]).map((valid) => ({ key: valid[0], locale: valid[1], channel: valid[2], cityId: valid[3] })),
  );

export const parseTemplateKey = (key: string): Result<string, ValidationError> =>
  typeof key === 'string' && /^[a-z0-9_]+$/.test(key) && key.length <= textLimits.templateKey
    ? ok(key)
    : invalid('key', `must be lower-case letters, digits and underscores, at most ${textLimits.templateKey}`);

/** The form of language tags, whose case does not count: `pt-br` and `pt-BR` are one locale. */
export function parseLocale(locale: string): Result<string, ValidationError> {
  const form = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i;
  if (typeof locale !== 'string' || locale.length > textLimits.locale || !form.test(locale))
    return invalid('locale', 'must be a language tag such as en or pt-BR');
  try {
    return ok(Intl.getCanonicalLocales(locale)[0] ?? locale);
  } catch {
    return invalid('locale', 'must be a language tag such as en or pt-BR');
  }
}

export const parseChannel = (channel: TemplateChannel): Result<TemplateChannel, ValidationError> =>
  templateChannels.includes(channel)
    ? ok(channel)
    : invalid('channel', `must be one of ${templateChannels.join(', ')}`);

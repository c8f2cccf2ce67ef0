import type { CityId, TemplateId } from '../shared/id.ts';
import type { TemplateChannel } from './template-channel.ts';
import type { TemplateName } from './template-name.ts';

/** There is no template of this id; or no text of this name, neither stored nor built in. */
export interface TemplateNotFound {
  readonly type: 'TemplateNotFound';
  /** Set when it was asked for by id. */
  readonly id?: TemplateId | undefined;
  /** Set, with what follows, when it was asked for by name. */
  readonly key?: string | undefined;
  readonly locale?: string | undefined;
  readonly channel?: TemplateChannel | undefined;
  readonly cityId?: CityId | undefined;
}

/** The text is there already, or another version of it is in use: publish a new version, or activate this one. */
export interface TemplateExists {
  readonly type: 'TemplateExists';
  readonly key: string;
  readonly locale: string;
  readonly channel: TemplateChannel;
  readonly cityId: CityId | undefined;
}

/** The text has placeholders that no value was given for. */
export interface MissingVariable {
  readonly type: 'MissingVariable';
  readonly key: string;
  readonly variables: readonly string[];
}

export const templateExists = ({ key, locale, channel, cityId }: TemplateName): TemplateExists => ({
  type: 'TemplateExists',
  key,
  locale,
  channel,
  cityId,
});

import { Result } from 'neverthrow';
import type { CityId, IdInput, TemplateId } from '../shared/id.ts';
import { parseActive, parseObject } from '../shared/input.ts';
import type { Instant } from '../shared/instant.ts';
import { parseOptionalText, textLimits } from '../shared/text.ts';
import type { ValidationError } from '../shared/validation-error.ts';
import { parseBody, partsOf, variablesOf } from './template-body.ts';
import type { TemplateChannel } from './template-channel.ts';
import { parseTemplateName, type TemplateName, type TemplateNameInput } from './template-name.ts';

/** A text as a caller describes it before it is stored. */
export interface NewMessageTemplate extends TemplateNameInput {
  readonly cityId?: IdInput<CityId> | undefined;
  /** At most 10,000 characters, with placeholders such as `{candidate}`; `{{` and `}}` are braces. */
  readonly body: string;
  /** Who has written it, as the host names people. */
  readonly updatedBy?: string | undefined;
  /** Whether it is in use; `true` when left out. */
  readonly active?: boolean;
}

/** A validated {@link NewMessageTemplate}. */
export interface MessageTemplateDraft extends TemplateName {
  readonly body: string;
  readonly updatedBy: string | undefined;
  readonly active: boolean;
}

export interface MessageTemplateProps extends MessageTemplateDraft {
  readonly id: TemplateId;
  readonly version: number;
  readonly createdAt: Instant;
}

/**
 * One version of a text that is sent to people. What it says never changes: another wording is another version, and at
 * most one version of a text is in use.
 */
export class MessageTemplate implements MessageTemplateProps {
  readonly id: TemplateId;
  readonly key: string;
  readonly locale: string;
  readonly channel: TemplateChannel;
  /** Unset for the text of all cities that have none of their own. */
  readonly cityId: CityId | undefined;
  readonly body: string;
  /** Counts the versions of this text, from 1. */
  readonly version: number;
  /** Whether this is the version in use. */
  readonly active: boolean;
  readonly updatedBy: string | undefined;
  readonly createdAt: Instant;

  constructor(props: MessageTemplateProps) {
    this.id = props.id;
    this.key = props.key;
    this.locale = props.locale;
    this.channel = props.channel;
    this.cityId = props.cityId;
    this.body = props.body;
    this.version = props.version;
    this.active = props.active;
    this.updatedBy = props.updatedBy;
    this.createdAt = props.createdAt;
    Object.freeze(this);
  }

  /** The variables its body asks for, in the order of their first place. */
  get variables(): readonly string[] {
    return partsOf(this.body).map(variablesOf).unwrapOr([]);
  }
}

export const draftMessageTemplate = (
  input: NewMessageTemplate,
): Result<MessageTemplateDraft, ValidationError> =>
  parseObject(input, 'template')
    .andThen((given) =>
      Result.combine([
        parseTemplateName(given),
        parseBody(given.body),
        parseOptionalText(given.updatedBy, 'updatedBy', textLimits.name),
        parseActive(given.active),
      ]),
    )
    .map(([name, body, updatedBy, active]) => ({ ...name, body, updatedBy, active }));

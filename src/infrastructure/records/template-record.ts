import type { Result } from 'neverthrow';
import {
  MessageTemplate,
  type MessageTemplateDraft,
} from '../../domain/message-template/message-template.ts';
import { templateChannels } from '../../domain/message-template/template-channel.ts';
import type { CityId, TemplateId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import { readRecord } from './record-reader.ts';

/** The columns a caller decides about. */
export const templateColumns = (draft: MessageTemplateDraft) => ({
  key: draft.key,
  locale: draft.locale,
  channel: draft.channel,
  city_id: draft.cityId ?? null,
  body: draft.body,
  updated_by: draft.updatedBy ?? null,
  active: draft.active,
});

export const templateToRecord = (template: MessageTemplate) => ({
  id: template.id,
  version: template.version,
  created_at: template.createdAt.epochMilliseconds,
  ...templateColumns(template),
});

export const templateFromRecord = (record: unknown): Result<MessageTemplate, CorruptRecord> =>
  readRecord(
    'template',
    record,
    (read) =>
      new MessageTemplate({
        id: read.integer('id') as TemplateId,
        key: read.text('key'),
        locale: read.text('locale'),
        channel: read.oneOf('channel', templateChannels),
        cityId: read.optionalInteger('city_id') as CityId | undefined,
        body: read.text('body'),
        version: read.integer('version'),
        active: read.flag('active'),
        updatedBy: read.optionalText('updated_by'),
        createdAt: read.instant('created_at'),
      }),
  );

import type { UpdateKeys } from '../../domain/inbox/incoming-update.ts';
import { sha256 } from './fingerprint.ts';

/** A row for each way in which an update can be known again. Of the content only a hash is kept: people wrote it. */
export const inboxRows = ({ source, updateId, contentKey }: UpdateKeys) => [
  ...(updateId === undefined ? [] : [{ source, kind: 'update', key: updateId }]),
  ...(contentKey === undefined ? [] : [{ source, kind: 'content', key: sha256(contentKey) }]),
];

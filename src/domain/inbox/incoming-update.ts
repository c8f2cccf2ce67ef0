import { ok, Result } from 'neverthrow';
import { parseObject } from '../shared/input.ts';
import { parseText } from '../shared/text.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';

/** Something that came from outside and may come again. At least one of `updateId` and `contentKey`. */
export interface IncomingUpdate {
  /** Who delivers it, and numbers what it delivers: `telegram`, or a name for each of several bots. */
  readonly source: string;
  /** What the source calls it. */
  readonly updateId?: number | bigint | string;
  /**
   * What it says, for a source that delivers the same under a new number: of a button the user, the message and the data.
   * What somebody may well do twice must differ in it.
   */
  readonly contentKey?: string;
}

/** A validated {@link IncomingUpdate}. */
export interface UpdateKeys {
  readonly source: string;
  readonly updateId: string | undefined;
  readonly contentKey: string | undefined;
}

const LONGEST = { source: 64, updateId: 100, contentKey: 10_000 } as const;

export const parseUpdate = (input: IncomingUpdate): Result<UpdateKeys, ValidationError> =>
  parseObject(input, 'update').andThen(({ source, updateId, contentKey }) => {
    if (updateId === undefined && contentKey === undefined)
      return invalid('updateId', 'or contentKey must be given');
    return Result.combine([
      parseText(source, 'source', LONGEST.source),
      parseUpdateId(updateId),
      contentKey === undefined ? ok(undefined) : parseText(contentKey, 'contentKey', LONGEST.contentKey),
    ]).map(([from, id, content]) => ({ source: from, updateId: id, contentKey: content }));
  });

function parseUpdateId(input: IncomingUpdate['updateId']): Result<string | undefined, ValidationError> {
  if (input === undefined) return ok(undefined);
  if (typeof input === 'bigint' || Number.isSafeInteger(input)) return ok(String(input));
  return typeof input === 'string'
    ? parseText(input, 'updateId', LONGEST.updateId)
    : invalid('updateId', 'must be an integer or text');
}

import { createReadStream } from 'node:fs';
import { err, errAsync, ok, ResultAsync, type Result } from 'neverthrow';
import {
  heapSnapshotError,
  type CompareHeapOptions,
  type HeapComparison,
  type HeapGrowth,
  type HeapSnapshotError,
} from '../../../application/ports/heap-snapshots.ts';
import { validationError, type ValidationError } from '../../../domain/shared/validation-error.ts';
import { HeapTally } from './heap-tally.ts';
import type { HeapContents } from './nodes-part.ts';

const USUAL_LIMIT = 50;
const LARGEST_LIMIT = 1_000;
const nothing = { objects: 0, bytes: 0 };

/**
 * What has become more between two heap snapshots of one program, by the name of the constructor. What leaks shows in two
 * snapshots under the same load: as so many objects more as there were requests between them. Which reference keeps them is a
 * question for the memory panel of a browser, which reads the same files.
 *
 * Reads both files once, one after the other, about 100 MB a second, in memory that does not depend on their size; the
 * process goes on meanwhile, in turns. Snapshots of Node 22 and later. Answers `HeapSnapshot` for a file that cannot be read,
 * ends too early or is something else, and `Validation` for a wrong `limit`.
 */
export function compareHeapSnapshots(
  before: string,
  after: string,
  { limit = USUAL_LIMIT }: CompareHeapOptions = {},
): ResultAsync<HeapComparison, HeapSnapshotError | ValidationError> {
  if (!Number.isInteger(limit) || limit < 1 || limit > LARGEST_LIMIT)
    return errAsync(validationError('limit', `must be an integer from 1 to ${LARGEST_LIMIT}`));
  return new ResultAsync(contentsOf(before)).andThen((older) =>
    new ResultAsync(contentsOf(after)).map((newer) => compare(older, newer, limit)),
  );
}

async function contentsOf(path: string): Promise<Result<HeapContents, HeapSnapshotError>> {
  try {
    const tally = new HeapTally();
    for await (const chunk of createReadStream(path, { highWaterMark: 1024 * 1024 }))
      tally.write(chunk as Uint8Array);
    return ok(tally.end());
  } catch (cause) {
    return err(heapSnapshotError(path, `cannot be read as a heap snapshot: ${messageOf(cause)}`));
  }
}

function compare(before: HeapContents, after: HeapContents, limit: number): HeapComparison {
  const grown: HeapGrowth[] = [];
  for (const [name, use] of after.byName) {
    const earlier = before.byName.get(name) ?? nothing;
    const growth = { objects: use.objects - earlier.objects, bytes: use.bytes - earlier.bytes };
    if (growth.objects > 0 || growth.bytes > 0) grown.push({ name, before: earlier, after: use, growth });
  }
  grown.sort(
    (one, other) => other.growth.bytes - one.growth.bytes || other.growth.objects - one.growth.objects,
  );
  return { before: before.all, after: after.all, grown: grown.slice(0, limit) };
}

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

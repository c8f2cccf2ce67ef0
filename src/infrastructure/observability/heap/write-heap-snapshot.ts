import { closeSync, openSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { writeHeapSnapshot as writeSnapshot } from 'node:v8';
import { err, ok, type Result } from 'neverthrow';
import {
  heapSnapshotError,
  type HeapSnapshotError,
  type HeapSnapshotFile,
  type HeapSnapshotOptions,
} from '../../../application/ports/heap-snapshots.ts';

/**
 * Writes everything that is in the memory of this process into a new file of the directory, which only the user of the
 * process may read: it holds whatever people are called and write, and passwords too.
 *
 * **Blocks the process**: for a second where the heap is small, for tens of seconds where it has some hundred MB. Probes
 * fail meanwhile and connections may be given up: take the process out of traffic first. Needs about as much memory again as
 * is in use, and a file of one to two times the heap. Garbage is collected before, so what is found is still referred to.
 *
 * Answers `HeapSnapshot` when the file cannot be written; what there is of it is removed.
 */
export function writeHeapSnapshot({
  directory,
}: HeapSnapshotOptions): Result<HeapSnapshotFile, HeapSnapshotError> {
  const path = join(directory, fileName());
  const startedAt = performance.now();
  try {
    // V8 keeps the permissions of a file that is there, and has no wish of its own about those of a new one.
    closeSync(openSync(path, 'wx', 0o600));
  } catch (cause) {
    return err(heapSnapshotError(path, `cannot be made: ${messageOf(cause)}`));
  }
  try {
    writeSnapshot(path);
    const { size: bytes } = statSync(path);
    return ok({ path, bytes, blockedMs: performance.now() - startedAt });
  } catch (cause) {
    rmSync(path, { force: true });
    return err(heapSnapshotError(path, `cannot be written: ${messageOf(cause)}`));
  }
}

/** In the order in which they were made. Colons are no part of file names everywhere. */
const fileName = (): string =>
  `heap-${new Date().toISOString().replaceAll(/[:.]/g, '-')}-${process.pid}.heapsnapshot`;

const messageOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

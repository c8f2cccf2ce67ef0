/** A heap snapshot could not be written or read, or is none; what was there before is as it was. */
export interface HeapSnapshotError {
  readonly type: 'HeapSnapshot';
  readonly path: string;
  readonly message: string;
}

export const heapSnapshotError = (path: string, message: string): HeapSnapshotError => ({
  type: 'HeapSnapshot',
  path,
  message,
});

export interface HeapSnapshotOptions {
  /** A directory that exists. */
  readonly directory: string;
}

export interface HeapSnapshotFile {
  readonly path: string;
  readonly bytes: number;
  /** How long nothing else could happen in this process. */
  readonly blockedMs: number;
}

/** Objects of one kind. */
export interface HeapUse {
  readonly objects: number;
  /** Their own, without what they refer to. */
  readonly bytes: number;
}

/** What there is more, or less, of. */
export interface HeapGrowth {
  /** Name of the constructor; in parentheses for what has none: `(string)`, `(closure)`, `(array)`. */
  readonly name: string;
  readonly before: HeapUse;
  readonly after: HeapUse;
  readonly growth: HeapUse;
}

export interface HeapComparison {
  readonly before: HeapUse;
  readonly after: HeapUse;
  /** What has grown, by bytes: the most first. */
  readonly grown: readonly HeapGrowth[];
}

export interface CompareHeapOptions {
  /** How many constructors are named; 50 when left out, 1,000 at most. */
  readonly limit?: number;
}

import type { ResultAsync } from 'neverthrow';
import type { CommitReport, Slotwise, UnitOfWork } from '../../src/index.ts';
import type { Anchor } from '../../src/application/caching/anchors.ts';
import type { Written } from './edits.ts';
import { monotonicNow } from './history.ts';
import type { Recorder, TypedError } from './recorder.ts';

/** A transaction; what it undoes itself is not in its answer. */
export type Work = (uow: UnitOfWork) => ResultAsync<readonly Written[], TypedError>;

export interface Transactor {
  readonly sdk: Slotwise;
  readonly recorder: Recorder;
  /** A deliberate mistake: called with what a transaction has changed, before it is committed. */
  readonly beforeCommit?: ((anchors: readonly Anchor[]) => Promise<unknown>) | undefined;
}

/** Runs a transaction and writes down what became of it; answers whether it was committed. */
export async function transact({ sdk, recorder, beforeCommit }: Transactor, work: Work): Promise<boolean> {
  const startedAt = monotonicNow();
  let report: CommitReport | undefined;
  const done = await sdk.transaction(
    (uow) =>
      work(uow).map(async (written) => {
        await beforeCommit?.(written.flatMap(({ anchors }) => anchors));
        return written;
      }),
    {
      onCommit: (told) => {
        report = told;
      },
    },
  );
  const acknowledgedAt = monotonicNow();
  if (done.isErr()) {
    recorder.error(done.error);
    return false;
  }
  const invalidation = report?.invalidation ?? 'deferred';
  recorder.acknowledged(
    done.value.map(({ entity, version }) => ({ entity, version, startedAt, acknowledgedAt, invalidation })),
  );
  return true;
}

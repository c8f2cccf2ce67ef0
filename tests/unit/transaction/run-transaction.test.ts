import { err, errAsync, ok, okAsync, type Result } from 'neverthrow';
import { describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/application/ports/logger.ts';
import type { CommitError, CommitReport, UnitOfWork } from '../../../src/application/ports/unit-of-work.ts';
import { runTransaction } from '../../../src/infrastructure/transaction/run-transaction.ts';

const conflict = (sqlState: string) => ({ type: 'Database', sqlState, retryable: true }) as const;

/** Units of work that only note what becomes of them. */
function notes(commits: readonly Result<CommitReport, CommitError>[] = []) {
  const ends: string[] = [];
  let opened = 0;
  const open = (): UnitOfWork => {
    const answer = commits[opened] ?? ok({ invalidation: 'applied' } as const);
    opened += 1;
    return {
      commit: () => {
        ends.push('commit');
        return answer.isOk() ? okAsync(answer.value) : errAsync(answer.error);
      },
      [Symbol.asyncDispose]: () => {
        ends.push('dispose');
        return Promise.resolve();
      },
    } as unknown as UnitOfWork;
  };
  return { ends, transaction: runTransaction(open, silentLogger), opened: () => opened };
}

describe('a transaction', () => {
  it('commits once when its work answers Ok', async () => {
    const { ends, transaction } = notes();
    const onCommit = vi.fn<(report: CommitReport) => void>();
    expect((await transaction(() => Promise.resolve(ok(5)), { onCommit }))._unsafeUnwrap()).toBe(5);
    expect(ends).toEqual(['commit']);
    expect(onCommit.mock.calls).toEqual([[{ invalidation: 'applied' }]]);
  });

  it.each(['40001', '40P01', '55P03'])('tries again after %s, three times in all', async (sqlState) => {
    const { ends, transaction, opened } = notes();
    const outcome = await transaction(() => Promise.resolve(err(conflict(sqlState))));
    expect(outcome._unsafeUnwrapErr()).toEqual(conflict(sqlState));
    expect([opened(), ends]).toEqual([3, ['dispose', 'dispose', 'dispose']]);
  });

  it('tries again when the commit itself finds the conflict', async () => {
    const failed = err({
      type: 'Database',
      operation: 'commit',
      message: 'could not serialize access',
      sqlState: '40001',
      retryable: true,
      cause: undefined,
    } as const);
    const { transaction, opened } = notes([failed]);
    const onCommit = vi.fn<() => void>();
    expect((await transaction(() => Promise.resolve(ok('done')), { onCommit })).isOk()).toBe(true);
    expect(opened()).toBe(2);
    expect(onCommit).toHaveBeenCalledOnce();
  });

  it.each([
    conflict('23505'),
    conflict('57014'),
    { type: 'Timeout', waitedFor: 'lock', retryable: true } as const,
    { type: 'SlotTaken' } as const,
    undefined,
    'text',
  ])('does not try again after %j', async (refusal) => {
    const { transaction, opened } = notes();
    const outcome = await transaction(() => Promise.resolve(err(refusal)));
    expect(outcome._unsafeUnwrapErr()).toEqual(refusal);
    expect(opened()).toBe(1);
  });

  it('does not try again what threw, whatever it threw', async () => {
    const { ends, transaction, opened } = notes();
    const outcome = await transaction<never, never>(() => {
      throw Object.assign(new Error('boom'), { sqlState: '40001' });
    });
    expect(outcome._unsafeUnwrapErr()).toMatchObject({ type: 'Unexpected', message: 'boom' });
    expect([opened(), ends]).toEqual([1, ['dispose']]);
  });
});

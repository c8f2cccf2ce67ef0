import { errAsync, ok, okAsync, ResultAsync } from 'neverthrow';
import { afterEach, describe, expect, it, vi } from 'vitest';
import type {
  InvalidationBacklog,
  InvalidationId,
  InvalidationOutbox,
  PendingInvalidation,
} from '../../../src/application/ports/invalidation.ts';
import { silentLogger } from '../../../src/application/ports/logger.ts';
import type { RepositoryError } from '../../../src/domain/shared/repository-error.ts';
import { AnchorTrust } from '../../../src/infrastructure/cache/anchor-trust.ts';
import { InvalidationRelay, type Reach } from '../../../src/infrastructure/cache/invalidation-relay.ts';

class ListOutbox implements InvalidationOutbox {
  rows: PendingInvalidation[] = [];
  failing = false;

  pending(limit: number, afterId = 0): ResultAsync<readonly PendingInvalidation[], RepositoryError> {
    if (this.failing)
      return errAsync({ type: 'Timeout', operation: 'pending', waitedFor: 'connection', retryable: true });
    return okAsync(this.rows.filter(({ id }) => id > afterId).slice(0, limit));
  }

  claim(
    limit: number,
    act: (rows: readonly PendingInvalidation[]) => Promise<boolean>,
  ): ResultAsync<readonly PendingInvalidation[], RepositoryError> {
    const rows = this.rows.slice(0, limit);
    return new ResultAsync(
      act(rows).then((acted) => {
        if (acted) this.rows = this.rows.filter((row) => !rows.includes(row));
        return ok(acted ? rows : []);
      }),
    );
  }

  remaining(ids: readonly InvalidationId[]): ResultAsync<readonly InvalidationId[], RepositoryError> {
    return okAsync(this.rows.map(({ id }) => id).filter((id) => ids.includes(id)));
  }

  remove(ids: readonly InvalidationId[]): ResultAsync<void, RepositoryError> {
    this.rows = this.rows.filter(({ id }) => !ids.includes(id));
    return okAsync(undefined);
  }

  expire(): ResultAsync<void, RepositoryError> {
    return okAsync(undefined);
  }

  backlog(): ResultAsync<InvalidationBacklog, RepositoryError> {
    return okAsync({ rows: this.rows.length, oldestMs: 0 });
  }
}

function relayOver(outbox: ListOutbox, bumps = true) {
  const trust = new AnchorTrust();
  const bumped: string[] = [];
  let reach: Reach = true;
  const relay = new InvalidationRelay({
    outbox,
    trust,
    logger: silentLogger,
    reach: () => reach,
    bump: (anchors) => {
      if (bumps) bumped.push(...anchors);
      return Promise.resolve(bumps);
    },
  });
  return { relay, trust, bumped, reaches: (now: Reach) => (reach = now) };
}

describe('the invalidation relay', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('bumps what is pending and removes it afterwards', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [
      { id: 1, anchors: ['slot:1', 'slots'] },
      { id: 2, anchors: ['slot:1'] },
    ];
    const { relay, bumped } = relayOver(outbox);
    expect(await relay.drain()).toBe(true);
    expect(bumped).toEqual(['slot:1', 'slots']);
    expect(outbox.rows).toEqual([]);
  });

  it('bumps only what it is asked about, and keeps rows that also name something else', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [
      { id: 1, anchors: ['slot:1'] },
      { id: 2, anchors: ['slot:2', 'city:1'] },
    ];
    const { relay, bumped } = relayOver(outbox);
    expect(await relay.drain((anchor) => anchor.startsWith('slot:'))).toBe(true);
    expect(bumped).toEqual(['slot:1', 'slot:2']);
    expect(outbox.rows.map(({ id }) => id)).toEqual([2]);
  });

  it('drains more rows than one batch holds', async () => {
    const outbox = new ListOutbox();
    outbox.rows = Array.from({ length: 1234 }, (_, index) => ({ id: index + 1, anchors: [`slot:${index}`] }));
    const { relay, bumped } = relayOver(outbox);
    expect(await relay.drain()).toBe(true);
    expect(bumped).toHaveLength(1234);
    expect(outbox.rows).toEqual([]);
  });

  it('bumps a large backlog in parts, so that no part takes too long', async () => {
    const outbox = new ListOutbox();
    outbox.rows = Array.from({ length: 100 }, (_, row) => ({
      id: row + 1,
      anchors: Array.from({ length: 300 }, (_unused, index) => `slot:${row}:${index}`),
    }));
    const sizes: number[] = [];
    const relay = new InvalidationRelay({
      outbox,
      trust: new AnchorTrust(),
      logger: silentLogger,
      reach: () => true,
      bump: (anchors) => {
        sizes.push(anchors.length);
        return Promise.resolve(true);
      },
    });
    expect(await relay.drain()).toBe(true);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(30_000);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(1000);
  });

  it('survives a bump that throws, and works again afterwards', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [{ id: 1, anchors: ['slot:1'] }];
    let broken = true;
    const relay = new InvalidationRelay({
      outbox,
      trust: new AnchorTrust(),
      logger: silentLogger,
      reach: () => true,
      bump: () => {
        if (broken) throw new RangeError('too many arguments');
        return Promise.resolve(true);
      },
    });
    expect(await relay.drain()).toBe(false);
    broken = false;
    expect(await relay.drain()).toBe(true);
    expect(outbox.rows).toEqual([]);
  });

  it('keeps a row that could not be bumped, and the distrust with it', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [{ id: 1, anchors: ['slot:1'] }];
    const { relay, trust } = relayOver(outbox, false);
    trust.defer(1, ['slot:1']);
    expect(await relay.drain()).toBe(false);
    expect(outbox.rows).toHaveLength(1);
    expect(trust.trusts(['slot:1'])).toBe(false);
  });

  it('trusts an anchor again when its row was acted on here', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [{ id: 1, anchors: ['slot:1'] }];
    const { relay, trust } = relayOver(outbox);
    trust.defer(1, ['slot:1']);
    await relay.drain();
    expect(trust.trusts(['slot:1'])).toBe(true);
  });

  it('trusts an anchor again when its row was acted on by another process', async () => {
    const { relay, trust } = relayOver(new ListOutbox());
    trust.defer(1, ['slot:1']);
    await relay.drain();
    expect(trust.trusts(['slot:1'])).toBe(true);
  });

  it('says that it failed while the database is away', async () => {
    const outbox = new ListOutbox();
    outbox.failing = true;
    expect(await relayOver(outbox).relay.drain()).toBe(false);
  });

  it('reads the rows anew for everybody who asks', async () => {
    const outbox = new ListOutbox();
    const { relay, bumped } = relayOver(outbox);
    const first = relay.drain();
    outbox.rows = [{ id: 1, anchors: ['late'] }];
    const second = relay.drain();
    expect(await first).toBe(true);
    expect(await second).toBe(true);
    expect(bumped).toContain('late');
  });

  it('polls while the cache can be reached, and rests while it cannot', async () => {
    vi.useFakeTimers();
    const outbox = new ListOutbox();
    const { relay, bumped, reaches } = relayOver(outbox);
    relay.start();
    outbox.rows = [{ id: 1, anchors: ['slot:1'] }];
    await vi.advanceTimersByTimeAsync(600);
    expect(bumped).toEqual(['slot:1']);
    reaches(false);
    outbox.rows = [{ id: 2, anchors: ['slot:2'] }];
    await vi.advanceTimersByTimeAsync(5000);
    expect(bumped).toEqual(['slot:1']);
    await relay.stop();
  });

  it('acts once on what it can while a server of several is away, and on all when that is back', async () => {
    vi.useFakeTimers();
    const outbox = new ListOutbox();
    const { relay, bumped, reaches } = relayOver(outbox);
    reaches((anchor) => anchor.startsWith('near:'));
    relay.start();
    outbox.rows = [
      { id: 1, anchors: ['near:1', 'far:1'] },
      { id: 2, anchors: ['near:2'] },
    ];
    await vi.advanceTimersByTimeAsync(1600);
    expect(bumped).toEqual(['near:1', 'near:2']);
    expect(outbox.rows.map(({ id }) => id)).toEqual([1]);
    outbox.rows.push({ id: 3, anchors: ['near:3'] });
    await vi.advanceTimersByTimeAsync(600);
    expect(bumped).toEqual(['near:1', 'near:2', 'near:3']);
    reaches(true);
    await vi.advanceTimersByTimeAsync(600);
    expect(bumped.slice(3)).toEqual(['near:1', 'far:1']);
    expect(outbox.rows).toEqual([]);
    await relay.stop();
  });

  it('keeps a row of which a part came into reach while the rest was bumped', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [{ id: 1, anchors: ['near', 'far'] }];
    const bumped: string[] = [];
    let all = false;
    const relay = new InvalidationRelay({
      outbox,
      trust: new AnchorTrust(),
      logger: silentLogger,
      reach: () => true,
      bump: (anchors) => {
        bumped.push(...anchors);
        all = true;
        return Promise.resolve(true);
      },
    });
    expect(await relay.drain((anchor) => all || anchor === 'near')).toBe(true);
    expect(bumped).toEqual(['near']);
    expect(outbox.rows).toHaveLength(1);
  });

  it('does not bump again what its own process has bumped, but removes the row', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [
      { id: 1, anchors: ['own'] },
      { id: 2, anchors: ['other'] },
    ];
    const { relay, bumped } = relayOver(outbox);
    relay.acknowledge(1);
    expect(await relay.drain()).toBe(true);
    expect(bumped).toEqual(['other']);
    expect(outbox.rows).toEqual([]);
    await relay.stop();
  });

  it('removes acknowledged rows together, also when it is stopped first', async () => {
    const outbox = new ListOutbox();
    outbox.rows = [
      { id: 1, anchors: ['a'] },
      { id: 2, anchors: ['b'] },
    ];
    const { relay, bumped } = relayOver(outbox);
    relay.acknowledge(1);
    relay.acknowledge(2);
    await relay.stop();
    expect(outbox.rows).toEqual([]);
    expect(bumped).toEqual([]);
  });
});

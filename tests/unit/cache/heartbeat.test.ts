import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger } from '../../../src/application/ports/logger.ts';
import { Heartbeat } from '../../../src/infrastructure/cache/heartbeat.ts';

/** A connection whose answers come when the test says so. */
function beating() {
  const told = { lost: 0, silent: 0, pings: 0 };
  const waiting: { readonly resolve: () => void; readonly reject: (cause: Error) => void }[] = [];
  const heartbeat = new Heartbeat({
    ping: () => {
      told.pings += 1;
      return new Promise<void>((resolve, reject) => {
        waiting.push({ resolve, reject });
      });
    },
    onLost: () => {
      told.lost += 1;
    },
    onSilent: () => {
      told.silent += 1;
    },
    logger: silentLogger,
  });
  /** Answers what was asked, the oldest first. */
  const answer = async (count = waiting.length): Promise<void> => {
    for (const { resolve } of waiting.splice(0, count)) resolve();
    await vi.advanceTimersByTimeAsync(0);
  };
  const fail = async (): Promise<void> => {
    for (const { reject } of waiting.splice(0)) reject(new Error('closed'));
    await vi.advanceTimersByTimeAsync(0);
  };
  const trusted = (): boolean => performance.now() < heartbeat.trustedUntil;
  /** Connected, listening and answered. */
  const up = async (): Promise<void> => {
    heartbeat.start();
    heartbeat.connected();
    void heartbeat.listening();
    await answer();
  };
  return { heartbeat, told, answer, fail, trusted, up };
}

describe('trust in a connection on which changes are announced', () => {
  beforeEach(() => {
    vi.useFakeTimers();
    // The clock of a process that has just started stands at nothing.
    vi.advanceTimersByTime(5000);
  });

  afterEach(() => {
    vi.useRealTimers();
  });

  it('begins when the first ping on a connection that listens is answered', async () => {
    const { heartbeat, trusted, answer } = beating();
    heartbeat.start();
    heartbeat.connected();
    expect(trusted()).toBe(false);
    void heartbeat.listening();
    expect(trusted()).toBe(false);
    await answer();
    expect(trusted()).toBe(true);
    heartbeat.stop();
    expect(trusted()).toBe(false);
  });

  it('goes on as long as pings are answered', async () => {
    const { heartbeat, trusted, answer, told, up } = beating();
    await up();
    for (let beat = 0; beat < 20; beat += 1) {
      await vi.advanceTimersByTimeAsync(500);
      await answer();
      expect(trusted()).toBe(true);
    }
    expect(told).toMatchObject({ lost: 0, silent: 0, pings: 21 });
    heartbeat.stop();
  });

  it('lasts a second from when the last answered ping was sent, not from its answer', async () => {
    const { heartbeat, trusted, answer, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(500);
    const sentAt = performance.now();
    await vi.advanceTimersByTimeAsync(400);
    await answer();
    expect(heartbeat.trustedUntil).toBe(sentAt + 1000);
    expect(trusted()).toBe(true);
    heartbeat.stop();
  });

  it('ends when no answer comes, and says so once', async () => {
    const { heartbeat, trusted, told, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(1500);
    expect(trusted()).toBe(false);
    expect(told.lost).toBe(1);
    heartbeat.stop();
  });

  it('ends at once when a reader finds that it is over, although no timer has run', async () => {
    const { heartbeat, trusted, told, up } = beating();
    await up();
    // As for a process that was suspended: the time has passed, and nothing has run.
    const resumedAt = performance.now() + 60_000;
    const clock = vi.spyOn(performance, 'now').mockReturnValue(resumedAt);
    expect(trusted()).toBe(false);
    expect(told.lost).toBe(0);
    heartbeat.late();
    expect(told.lost).toBe(1);
    expect(heartbeat.trustedUntil).toBe(0);
    clock.mockRestore();
    heartbeat.stop();
  });

  it('is not given to an answer that took longer than it may last', async () => {
    const { heartbeat, trusted, answer, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(2100);
    // Sent 1,600 ms ago: what was announced since may be missing.
    await answer(1);
    expect(trusted()).toBe(false);
    // The newest was sent 100 ms ago.
    await answer();
    expect(trusted()).toBe(true);
    heartbeat.stop();
  });

  it('ends with the connection, and an answer of that connection does not bring it back', async () => {
    const { heartbeat, trusted, answer, told, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(500);
    heartbeat.closed();
    expect(told.lost).toBe(1);
    heartbeat.connected();
    await answer();
    expect(trusted()).toBe(false);
    void heartbeat.listening();
    await answer();
    expect(trusted()).toBe(true);
    heartbeat.stop();
  });

  it('survives a ping that fails', async () => {
    const { heartbeat, trusted, answer, fail, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(500);
    await fail();
    expect(trusted()).toBe(true);
    await vi.advanceTimersByTimeAsync(500);
    await answer();
    expect(trusted()).toBe(true);
    heartbeat.stop();
  });

  it('gives up a connection that has been silent for three seconds', async () => {
    const { heartbeat, told, up } = beating();
    await up();
    await vi.advanceTimersByTimeAsync(3000);
    expect(told.silent).toBe(0);
    await vi.advanceTimersByTimeAsync(600);
    expect(told.silent).toBeGreaterThan(0);
    heartbeat.stop();
  });

  it('gives up a connection that never came to listen', async () => {
    const { heartbeat, told } = beating();
    heartbeat.start();
    heartbeat.connected();
    await vi.advanceTimersByTimeAsync(3600);
    expect(told.silent).toBeGreaterThan(0);
    expect(told.pings).toBe(0);
    heartbeat.stop();
  });
});

import { describe, expect, it } from 'vitest';
import { Mirror } from '../../../src/infrastructure/cache/mirror.ts';

describe('the versions a process has seen', () => {
  it('are followed by everybody who watches the anchor', () => {
    const mirror = new Mirror(10);
    const watched = mirror.watch('slot:1');
    mirror.learn('slot:1', watched, 100);
    mirror.announce('slot:1', 101);
    expect(watched.version).toBe(101);
    expect(mirror.watch('slot:1')).toBe(watched);
  });

  it('are not lost when they are announced before the answer that was asked for', () => {
    const mirror = new Mirror(10);
    const watched = mirror.watch('slot:1');
    mirror.announce('slot:1', 101);
    mirror.learn('slot:1', watched, 100);
    // The answer is older: what is stored under it must not count.
    expect(watched.version).not.toBe(100);
    expect(mirror.watch('slot:1')).not.toBe(watched);
  });

  it('only move forward: a lower one drops the anchor', () => {
    const mirror = new Mirror(10);
    const watched = mirror.watch('slot:1');
    mirror.learn('slot:1', watched, 100);
    mirror.announce('slot:1', 99);
    expect(watched.version).toBeLessThan(0);
    const again = mirror.watch('slot:1');
    mirror.learn('slot:1', again, 99);
    expect(again.version).toBe(99);
    expect(watched.version).toBeLessThan(0);
  });

  it('never become current again for who watched before the mirror was emptied', () => {
    const mirror = new Mirror(10);
    const watched = mirror.watch('slot:1');
    mirror.clear();
    mirror.learn('slot:1', watched, 100);
    mirror.announce('slot:1', 100);
    expect(watched.version).toBeLessThan(0);
    expect(mirror.size).toBe(0);
  });

  it('nor for who watched an anchor that made room', () => {
    const mirror = new Mirror(2);
    const first = mirror.watch('slot:1');
    mirror.learn('slot:1', first, 100);
    mirror.watch('slot:2');
    mirror.watch('slot:3');
    expect(mirror.size).toBe(2);
    mirror.announce('slot:1', 101);
    mirror.learn('slot:1', first, 101);
    expect(first.version).toBeLessThan(0);
  });

  it('are not kept for anchors that nobody watches', () => {
    const mirror = new Mirror(10);
    mirror.announce('slot:1', 100);
    expect(mirror.size).toBe(0);
  });
});

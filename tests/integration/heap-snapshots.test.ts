import { mkdtempSync, readdirSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareHeapSnapshots, describeError, writeHeapSnapshot } from '../../src/index.ts';
import { ChildWorker } from '../support/child-process.ts';
import type { LeakingWorker } from '../support/workers/leaking-worker.ts';

const LEAKED = 1_234;

describe('heap snapshots', () => {
  let directory: string;
  let before: string;
  let after: string;

  beforeAll(async () => {
    directory = mkdtempSync(join(tmpdir(), 'slotwise-heap-'));
    await using worker = new ChildWorker<LeakingWorker>(
      new URL('../support/workers/leaking-worker.ts', import.meta.url),
    );
    before = await worker.call('snapshot', directory);
    await worker.call('leak', LEAKED);
    after = await worker.call('snapshot', directory);
  });

  afterAll(() => rmSync(directory, { recursive: true }));

  it('find exactly as many objects as are kept, and none that were let go', async () => {
    const {
      grown,
      before: older,
      after: newer,
    } = (await compareHeapSnapshots(before, after))._unsafeUnwrap();
    const leaked = grown.find(({ name }) => name === 'LeakedSession');
    expect(leaked).toMatchObject({ before: { objects: 0 }, after: { objects: LEAKED } });
    expect(leaked?.growth.objects).toBe(LEAKED);
    expect(leaked?.growth.bytes).toBeGreaterThan(LEAKED * 8);
    expect(grown.some(({ name }) => name === 'ReleasedSession')).toBe(false);
    expect(newer.objects - older.objects).toBeGreaterThanOrEqual(LEAKED);
    const bytes = grown.map(({ growth }) => growth.bytes);
    expect(bytes).toEqual(bytes.toSorted((a, b) => b - a));
  });

  it('name no more than they are asked for, and nothing when nothing has grown', async () => {
    const { grown } = (await compareHeapSnapshots(before, after, { limit: 2 }))._unsafeUnwrap();
    expect(grown).toHaveLength(2);
    const same = await compareHeapSnapshots(after, after);
    expect(same._unsafeUnwrap().grown).toEqual([]);
  });

  it('can be read by their owner only', () => {
    expect(statSync(before).mode & 0o777).toBe(0o600);
  });

  it('are refused where they cannot be written', () => {
    const refused = writeHeapSnapshot({ directory: join(directory, 'nowhere') })._unsafeUnwrapErr();
    expect(refused).toMatchObject({
      type: 'HeapSnapshot',
      message: expect.stringMatching(/^cannot be made/),
    });
    expect(readdirSync(directory)).toHaveLength(2);
  });

  it('that are none, or not whole, are a typed error that names the file', async () => {
    const cut = join(directory, 'cut.heapsnapshot');
    writeFileSync(cut, '{"snapshot":');
    const missing = join(directory, 'missing.heapsnapshot');
    for (const path of [cut, missing, directory]) {
      const error = (await compareHeapSnapshots(before, path))._unsafeUnwrapErr();
      expect(error).toMatchObject({ type: 'HeapSnapshot', path });
      expect(describeError(error)).toContain('cannot be read as a heap snapshot');
    }
    truncateSync(after, statSync(after).size - 1_000);
    expect((await compareHeapSnapshots(before, after))._unsafeUnwrapErr()).toMatchObject({ path: after });
  });

  it.each([0, 1_001, 1.5])('refuse a limit of %d', async (limit) => {
    const refused = await compareHeapSnapshots(before, before, { limit });
    expect(refused._unsafeUnwrapErr()).toMatchObject({ type: 'Validation', field: 'limit' });
  });
});

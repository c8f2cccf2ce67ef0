import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

describeWithPostgres('closing with a unit of work that was never ended', () => {
  it('answers Timeout, cuts its connection and gives up its locks', async () => {
    await using stack = new AsyncDisposableStack();
    const scratch = stack.use(new ScratchDatabase());
    const name = `slotwise_${randomBytes(6).toString('hex')}`;
    const url = `${scratch.url}?application_name=${name}`;
    const sdk = (
      await createSlotwise({ database: { url, schema: scratch.schema }, cache: false })
    )._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    const abandoned = sdk.unitOfWork();
    (await abandoned.cities.add({ name: 'Never committed', timeZone: 'UTC' }))._unsafeUnwrap();

    const connections = async (): Promise<readonly string[]> => {
      const rows = await scratch.rows<{ state: string }>(
        `select state from pg_stat_activity where application_name = '${name}'`,
      );
      return rows.map(({ state }) => state);
    };
    expect(await connections()).toContain('idle in transaction');

    const closed = await sdk.close({ timeoutMs: 300 });
    expect(closed._unsafeUnwrapErr()).toMatchObject({ type: 'Timeout', operation: 'close' });
    for (let waited = 0; waited < 5000 && (await connections()).length > 0; waited += 50) await sleep(50);
    expect(await connections()).toEqual([]);
    expect(await scratch.rows('select * from $schema.city')).toEqual([]);
    expect((await abandoned.commit())._unsafeUnwrapErr()).toMatchObject({ type: 'UnitOfWorkState' });
  });
});

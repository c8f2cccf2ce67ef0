import { expect, it } from 'vitest';
import { createSlotwise } from '../../src/index.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

describeWithPostgres('the URL of a PostgreSQL server', () => {
  /** What the server says about the SDK's connections. */
  const connectionsWith = async (parameter: string, value: string): Promise<readonly unknown[]> => {
    await using stack = new AsyncDisposableStack();
    const database = stack.use(new ScratchDatabase());
    const url = new URL(database.url);
    url.searchParams.set(parameter, value);
    const created = await createSlotwise({ database: { ...database.options, url: url.href }, cache: false });
    if (created.isErr()) return [created.error.type];
    const sdk = stack.use(created.value);
    (await sdk.migrate())._unsafeUnwrap();
    (await sdk.read.cities.list())._unsafeUnwrap();
    return await database.rows(
      `select distinct application_name, ssl from pg_stat_activity join pg_stat_ssl using (pid)
       where query like '%$schema%' and application_name <> '$schema'`,
    );
  };

  it('may name the application', async () => {
    const connections = await connectionsWith('application_name', 'bot of the host');
    expect(connections).toMatchObject([{ application_name: 'bot of the host' }]);
  });

  it('is never used without the encryption it asks for', async () => {
    const [connection] = await connectionsWith('sslmode', 'verify-full');
    // Not every server offers it.
    expect(['DatabaseUnreachable', expect.objectContaining({ ssl: true })]).toContainEqual(connection);
  });
});

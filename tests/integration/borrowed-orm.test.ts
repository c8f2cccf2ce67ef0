import { btree_gist as btreeGist } from '@electric-sql/pglite/contrib/btree_gist';
import { defineEntity, MikroORM, p } from '@mikro-orm/postgresql';
import { MikroORM as PGliteORM } from '@mikro-orm/pglite';
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { seedBoard } from '../../src/testing/seeds/seed-board.ts';
import { describeWithPostgres, postgresUrl } from '../support/services.ts';
import { migrationNames } from '../support/migration-names.ts';

/** Named like a table of the SDK, to see that they are not mixed up. */
const HostSlot = defineEntity({
  name: 'HostSlot',
  tableName: 'slot',
  properties: { id: p.integer().primary().autoincrement(), note: p.string() },
});

interface Schemas {
  readonly host: string;
  readonly sdk: string;
}

const random = (): string => randomBytes(6).toString('hex');

/** What the SDK does with a MikroORM of the host, whatever database is behind it. */
function itIsAGuest(open: (schemas: Schemas) => Promise<MikroORM>): void {
  const schemas: Schemas = { host: `slotwise_test_host_${random()}`, sdk: `slotwise_test_${random()}` };
  let orm: MikroORM;
  let sdk: Slotwise;

  beforeAll(async () => {
    orm = await open(schemas);
    await orm.schema.create();
    const em = orm.em.fork();
    em.create(HostSlot, { note: 'of the host' });
    await em.flush();
    sdk = (await createSlotwise({ database: { orm, schema: schemas.sdk }, cache: false }))._unsafeUnwrap();
  });

  afterAll(async () => {
    await sdk?.close().unwrapOr(undefined);
    for (const schema of Object.values(schemas))
      await orm.em.execute(`drop schema if exists "${schema}" cascade`);
    await orm.close(true);
  });

  it('migrates its own schema and works in it', async () => {
    expect((await sdk.migrate())._unsafeUnwrap().applied).toEqual(migrationNames);
    const { slot, candidate } = (await seedBoard(sdk))._unsafeUnwrap();
    const booked = await sdk.booking.reserve({ slotId: slot.id, candidateId: candidate.id });
    expect(booked._unsafeUnwrap().state).toBe('requested');
    expect((await sdk.read.slots.get(slot.id))._unsafeUnwrap().status).toBe('pending');
  });

  it('rolls back what answers an error, on the connections of the host', async () => {
    const failed = await sdk.transaction((uow) =>
      uow.cities
        .add({ name: 'Nowhere', timeZone: 'Europe/Berlin' })
        .andThen(() => uow.cities.add({ name: 'nowhere', timeZone: 'Europe/Berlin' })),
    );
    expect(failed._unsafeUnwrapErr().type).toBe('CityExists');
    const { items } = (await sdk.read.cities.list())._unsafeUnwrap();
    expect(items.map(({ name }) => name)).not.toContain('Nowhere');
  });

  it("appears neither in the host's entities nor in its schema diff", async () => {
    expect([...orm.getMetadata().getAll().values()].map(({ className }) => className)).toEqual(['HostSlot']);
    expect(await orm.schema.getUpdateSchemaSQL()).not.toContain(schemas.sdk);
  });

  it("leaves the host's rows alone, and its connections open after it is closed", async () => {
    (await sdk.close())._unsafeUnwrap();
    expect((await sdk.read.cities.list())._unsafeUnwrapErr()).toMatchObject({ state: 'closed' });
    const em = orm.em.fork();
    em.create(HostSlot, { note: 'written afterwards' });
    await em.flush();
    const notes = (await orm.em.fork().find(HostSlot, {}, { orderBy: { id: 'asc' } })).map(
      ({ note }) => note,
    );
    expect(notes).toEqual(['of the host', 'written afterwards']);
  });
}

/** A host that lets MikroORM compare schemas must name ours among those to be left alone, whoever made them. */
const ofTheHost = ({ host, sdk }: Schemas) => ({
  entities: [HostSlot],
  schema: host,
  schemaGenerator: { ignoreSchema: [sdk] },
  logger: () => undefined,
});

describeWithPostgres('a MikroORM of the host on a PostgreSQL server', () => {
  itIsAGuest((schemas) => MikroORM.init({ ...ofTheHost(schemas), clientUrl: postgresUrl() }));
});

describe('a MikroORM of the host on PGlite', () => {
  itIsAGuest(async (schemas) => {
    const extensions = { btree_gist: btreeGist };
    const orm = await PGliteORM.init({ ...ofTheHost(schemas), driverOptions: { extensions } });
    return orm as unknown as MikroORM;
  });
});

import { defineEntity, MikroORM, p, PostgreSqlDriver, type EntityManager } from '@mikro-orm/postgresql';
import { TTL_MS } from './place.ts';
import { serve } from './serve.ts';

/** The recruiter table as a host would map it that uses MikroORM without the SDK. */
const MappedRecruiter = defineEntity({
  name: 'MappedRecruiter',
  tableName: 'recruiter',
  properties: {
    id: p.bigint('number').primary(),
    name: p.string(),
    timeZone: p.string(),
    telegramChatId: p.string().nullable(),
    active: p.boolean(),
    version: p.integer(),
  },
});

class ChangedMind extends Error {}

/** `findOne` on a fork, as every request does it; with MikroORM's own result cache, or past it. */
serve(async (setUp, { databaseUrl, poolSize, schema }) => {
  let loads = 0;
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: databaseUrl,
    schema,
    entities: [MappedRecruiter],
    // MikroORM itself takes only the server and the credentials from the URL.
    driverOptions: { connectionString: databaseUrl, max: poolSize },
    debug: false,
    onQuery: (sql) => {
      if (sql.startsWith('select')) loads += 1;
      return sql;
    },
  });
  const keyOf = (id: number): string => `recruiter:${id}`;
  const find = (em: EntityManager, id: number) =>
    setUp === 'database'
      ? em.findOne(MappedRecruiter, id)
      : em.findOne(MappedRecruiter, id, { cache: [keyOf(id), TTL_MS] });

  const rename = (id: number, name: string, afterwards: (em: EntityManager) => Promise<void>) =>
    orm.em.fork().transactional(async (em) => {
      const recruiter = await em.findOneOrFail(MappedRecruiter, id);
      recruiter.name = name;
      await em.flush();
      await afterwards(em);
    });

  return {
    read: (id) => find(orm.em.fork(), id),
    nameIn: (answer) => (answer as { readonly name: string }).name,
    loads: () => loads,
    async rename(id, name) {
      await rename(id, name, () => Promise.resolve());
      await orm.em.fork().clearCache(keyOf(id));
    },
    async renameAndRollBack(id, name) {
      await rename(id, name, async (em) => {
        await em.clearCache(keyOf(id));
        await find(em, id);
        throw new ChangedMind();
      }).catch((cause: unknown) => {
        if (!(cause instanceof ChangedMind)) throw cause;
      });
    },
  };
});

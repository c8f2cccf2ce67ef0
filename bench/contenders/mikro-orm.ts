import { defineEntity, MikroORM, p, PostgreSqlDriver } from '@mikro-orm/postgresql';
import type { Contender } from './contender.ts';

/** The slot table as a host would map it that uses MikroORM without the SDK. */
const MappedSlot = defineEntity({
  name: 'MappedSlot',
  tableName: 'slot',
  properties: {
    id: p.bigint('number').primary(),
    recruiterId: p.bigint('number'),
    cityId: p.bigint('number'),
    purpose: p.string(),
    timeZone: p.string(),
    startsAt: p.datetime(),
    endsAt: p.datetime(),
    occupiedFrom: p.datetime(),
    occupiedUntil: p.datetime(),
    status: p.string(),
    candidateId: p.bigint('number').nullable(),
    currentBookingId: p.bigint('number').nullable(),
    holdExpiresAt: p.datetime().nullable(),
    version: p.integer(),
  },
});

/** `findOne` on a fork, as every request does it, with a pool of the size the SDK uses. */
export async function mikroOrmContender(
  url: string,
  schema: string,
  cleanUp: AsyncDisposableStack,
): Promise<Contender> {
  const orm = await MikroORM.init({
    driver: PostgreSqlDriver,
    clientUrl: url,
    schema,
    entities: [MappedSlot],
    driverOptions: { max: 20 },
    debug: false,
  });
  cleanUp.defer(() => orm.close(true));
  return {
    name: 'MikroORM em.fork().findOne',
    read: (id) => orm.em.fork().findOne(MappedSlot, id),
    idOf: (answer) => (answer as { id: number }).id,
  };
}

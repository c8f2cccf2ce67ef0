import { orThrow } from '../../examples/support/or-throw.ts';
import { errAsync, type Recruiter, type Result, type UnitOfWork } from '../../src/index.ts';
import { openSdk } from './open-sdk.ts';
import { serve } from './serve.ts';

const rename = (uow: UnitOfWork, id: number, name: string) =>
  uow.recruiters
    .getForShare(id)
    .andThen((recruiter) => recruiter.rename(name))
    .andThen((recruiter) => uow.recruiters.update(recruiter));

serve(async (setUp, place) => {
  const sdk = await openSdk(setUp, place);
  const { recruiters, slots } = sdk.read;
  return {
    read: (id) => recruiters.get(id),
    list: (id) => slots.getFreeForRecruiter(id),
    peek: setUp === 'tiers' ? (id) => recruiters.peek(id) : undefined,
    nameIn: (answer) => orThrow(answer as Result<Recruiter, { type: string }>).name,
    loads: () => sdk.cache.stats().loads,
    rename: async (id, name) => orThrow(await sdk.transaction((uow) => rename(uow, id, name))),
    async renameAndRollBack(id, name) {
      const undone = await sdk.transaction((uow) =>
        rename(uow, id, name)
          .andThen(() => uow.recruiters.get(id))
          .andThen(() => errAsync({ type: 'ChangedMind' as const })),
      );
      if (undone.isOk()) throw new Error('it was committed');
    },
  };
});

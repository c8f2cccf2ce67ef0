import type { ResultAsync } from 'neverthrow';
import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { telegramId } from '../../src/testing/contract/telegram-ids.ts';
import { unique } from '../../src/testing/seeds/unique.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const ROUNDS = 10;
const ITEMS = 40;
const RUN_TIMEOUT_MS = 60_000;

/** A statement for each item, so that the two are in each other's way many times. */
const choices = { onConflict: 'skip', batchSize: 1 } as const;

async function openSdk(stack: AsyncDisposableStack): Promise<Slotwise> {
  const database = stack.use(new ScratchDatabase());
  const sdk = stack.use((await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
}

const citiesOf = (count: number) =>
  Array.from({ length: count }, () => ({ name: unique('City'), timeZone: 'UTC' }));

const candidatesOf = (count: number) =>
  Array.from({ length: count }, () => ({ fullName: 'Ben', telegramId: telegramId() }));

const storedOf = (answers: readonly { isOk(): boolean }[]) => answers.filter((one) => one.isOk()).length;

/** Each starts two transactions that store the same, and answers what each has stored. */
const kinds: Readonly<
  Record<string, (sdk: Slotwise) => readonly ResultAsync<number, { readonly type: string }>[]>
> = {
  cities: (sdk) => {
    const all = citiesOf(ITEMS);
    return [all, all.toReversed()].map((list) =>
      sdk.transaction((uow) => uow.cities.addMany(list, choices).map(storedOf)),
    );
  },
  candidates: (sdk) => {
    const all = candidatesOf(ITEMS);
    return [all, all.toReversed()].map((list) =>
      sdk.transaction((uow) => uow.candidates.addMany(list, choices).map(storedOf)),
    );
  },
  'several calls': (sdk) => {
    const calls = [citiesOf(ITEMS / 2), citiesOf(ITEMS / 2)] as const;
    return [calls, calls.toReversed()].map(([first = [], second = []]) =>
      sdk.transaction((uow) =>
        uow.cities
          .addMany(first, choices)
          .andThen((before) =>
            uow.cities.addMany(second, choices).map((after) => storedOf([...before, ...after])),
          ),
      ),
    );
  },
  'cities and candidates': (sdk) => {
    const cities = citiesOf(ITEMS / 2);
    const candidates = candidatesOf(ITEMS / 2);
    return [
      sdk.transaction((uow) =>
        uow.cities
          .addMany(cities, choices)
          .andThen((before) =>
            uow.candidates.addMany(candidates, choices).map((after) => storedOf([...before, ...after])),
          ),
      ),
      sdk.transaction((uow) =>
        uow.candidates
          .addMany(candidates, choices)
          .andThen((before) =>
            uow.cities.addMany(cities, choices).map((after) => storedOf([...before, ...after])),
          ),
      ),
    ];
  },
};

describeWithPostgres('two transactions that store the same in opposite order', () => {
  for (const [name, addBothWays] of Object.entries(kinds))
    it(`never wait for each other in a circle (${name})`, { timeout: RUN_TIMEOUT_MS }, async () => {
      await using stack = new AsyncDisposableStack();
      const sdk = await openSdk(stack);
      for (let round = 0; round < ROUNDS; round += 1) {
        const outcomes = await Promise.all(addBothWays(sdk));
        const stored = outcomes.map((outcome) => outcome._unsafeUnwrap());
        expect(stored.reduce((sum, count) => sum + count)).toBe(ITEMS);
      }
    });
});

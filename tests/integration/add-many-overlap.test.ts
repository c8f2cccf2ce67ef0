import type { ResultAsync } from 'neverthrow';
import { expect, it } from 'vitest';
import {
  createSlotwise,
  type NewCandidate,
  type NewCity,
  type Slotwise,
  type UnitOfWork,
} from '../../src/index.ts';
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

type Step = (uow: UnitOfWork) => ResultAsync<number, { readonly type: string }>;

const storedOf = (answers: readonly { isOk(): boolean }[]) => answers.filter((one) => one.isOk()).length;

const addCities =
  (list: readonly NewCity[]): Step =>
  (uow) =>
    uow.cities.addMany(list, choices).map(storedOf);

const addCandidates =
  (list: readonly NewCandidate[]): Step =>
  (uow) =>
    uow.candidates.addMany(list, choices).map(storedOf);

const newCities = (count: number): readonly NewCity[] =>
  Array.from({ length: count }, () => ({ name: unique('City'), timeZone: 'UTC' }));

const newCandidates = (count: number): readonly NewCandidate[] =>
  Array.from({ length: count }, () => ({ fullName: 'Ben', telegramId: telegramId() }));

const bothWays = <T>(list: readonly T[]): readonly (readonly T[])[] => [list, list.toReversed()];

/** The steps of each of two transactions, which store the same. */
const kinds: Readonly<Record<string, () => readonly (readonly Step[])[]>> = {
  cities: () => bothWays(newCities(ITEMS)).map((list) => [addCities(list)]),
  candidates: () => bothWays(newCandidates(ITEMS)).map((list) => [addCandidates(list)]),
  'several calls': () => bothWays([addCities(newCities(ITEMS / 2)), addCities(newCities(ITEMS / 2))]),
  'several tables': () =>
    bothWays([addCities(newCities(ITEMS / 2)), addCandidates(newCandidates(ITEMS / 2))]),
};

/** Not by `sdk.transaction`, which would try again after a deadlock. */
async function runOnce(sdk: Slotwise, steps: readonly Step[]): Promise<number> {
  await using uow = sdk.unitOfWork();
  let stored = 0;
  for (const step of steps) stored += (await step(uow))._unsafeUnwrap();
  (await uow.commit())._unsafeUnwrap();
  return stored;
}

describeWithPostgres('two transactions that store the same in opposite order', () => {
  for (const [name, stepsOfBoth] of Object.entries(kinds))
    it(`never wait for each other in a circle (${name})`, { timeout: RUN_TIMEOUT_MS }, async () => {
      await using stack = new AsyncDisposableStack();
      const sdk = await openSdk(stack);
      for (let round = 0; round < ROUNDS; round += 1) {
        const stored = await Promise.all(stepsOfBoth().map((steps) => runOnce(sdk, steps)));
        expect(stored.reduce((sum, count) => sum + count)).toBe(ITEMS);
      }
    });
});

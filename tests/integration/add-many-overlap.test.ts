import { expect, it } from 'vitest';
import { createSlotwise, type Slotwise } from '../../src/index.ts';
import { telegramId } from '../../src/testing/contract/telegram-ids.ts';
import { unique } from '../../src/testing/seeds/unique.ts';
import { ScratchDatabase } from '../support/scratch-database.ts';
import { describeWithPostgres } from '../support/services.ts';

const ROUNDS = 10;
const ITEMS = 40;
const RUN_TIMEOUT_MS = 60_000;

/** A statement for each, so that the two transactions are in each other's way many times. */
const choices = { onConflict: 'skip', batchSize: 1 } as const;

async function openSdk(stack: AsyncDisposableStack): Promise<Slotwise> {
  const database = stack.use(new ScratchDatabase());
  const sdk = stack.use((await createSlotwise({ database: database.options, cache: false }))._unsafeUnwrap());
  (await sdk.migrate())._unsafeUnwrap();
  return sdk;
}

const kinds = {
  cities: (sdk: Slotwise) => {
    const all = Array.from({ length: ITEMS }, () => ({ name: unique('City'), timeZone: 'UTC' }));
    return [all, all.toReversed()].map((list) =>
      sdk.transaction((uow) =>
        uow.cities.addMany(list, choices).map((answers) => answers.map((one) => one.isOk())),
      ),
    );
  },
  candidates: (sdk: Slotwise) => {
    const all = Array.from({ length: ITEMS }, () => ({ fullName: 'Ben', telegramId: telegramId() }));
    return [all, all.toReversed()].map((list) =>
      sdk.transaction((uow) =>
        uow.candidates.addMany(list, choices).map((answers) => answers.map((one) => one.isOk())),
      ),
    );
  },
} as const;

describeWithPostgres('two lists of the same new items in opposite order', () => {
  for (const [name, addBothWays] of Object.entries(kinds))
    it(`never wait for each other in a circle (${name})`, { timeout: RUN_TIMEOUT_MS }, async () => {
      await using stack = new AsyncDisposableStack();
      const sdk = await openSdk(stack);
      for (let round = 0; round < ROUNDS; round += 1) {
        const outcomes = await Promise.all(addBothWays(sdk));
        const stored = outcomes.flatMap((outcome) => outcome._unsafeUnwrap()).filter((isStored) => isStored);
        expect(stored).toHaveLength(ITEMS);
      }
    });
});

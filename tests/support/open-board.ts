import { afterAll, beforeAll } from 'vitest';
import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../src/index.ts';
import { seedBoard, type Board } from '../../src/testing/seeds/seed-board.ts';

export interface Opened {
  readonly sdk: Slotwise;
  readonly board: Board;
}

/** A migrated SDK with a board, closed together with what it stands on when the suite ends. */
export function openBoard(options: () => SlotwiseOptions): () => Opened {
  let opened: Opened | undefined;

  beforeAll(async () => {
    const sdk = (await createSlotwise(options()))._unsafeUnwrap();
    (await sdk.migrate())._unsafeUnwrap();
    opened = {
      sdk,
      board: (await seedBoard(sdk, { recruiters: 2, slotsPerRecruiter: 3, candidates: 3 }))._unsafeUnwrap(),
    };
  });

  afterAll(async () => {
    await opened?.sdk.close().unwrapOr(undefined);
  });

  return () => {
    if (opened === undefined) throw new Error('the SDK was not opened');
    return opened;
  };
}

import type { Slotwise, SlotwiseOptions } from '../../../src/index.ts';
import { openSlotwise } from '../../../src/infrastructure/create-slotwise.ts';
import { StampAfterLoad } from './stamp-after-load.ts';

export interface Opening {
  readonly options: SlotwiseOptions;
  /** Puts the deliberate mistake in, to show that it would be noticed. */
  readonly broken: boolean;
}

export const openPlayer = async ({ options, broken }: Opening): Promise<Slotwise> =>
  (
    await openSlotwise(options, broken ? { wrapStore: (store) => new StampAfterLoad(store) } : {})
  )._unsafeUnwrap();

import { createSlotwise, type Slotwise, type SlotwiseOptions } from '../../../src/index.ts';
import { answerCalls } from '../../support/child-process-calls.ts';
import { compete, type Competition, type Outcome } from './compete.ts';

/** One of the processes that compete for the same slots. */

let opened: Slotwise | undefined;

const handlers = {
  async open(options: SlotwiseOptions): Promise<void> {
    opened = (await createSlotwise(options))._unsafeUnwrap();
  },
  async compete(competition: Competition): Promise<Outcome> {
    if (opened === undefined) throw new Error('not opened');
    return compete(opened, competition);
  },
};

export type Competitor = typeof handlers;

answerCalls(handlers);

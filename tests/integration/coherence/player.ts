import type { Slotwise } from '../../../src/index.ts';
import { answerCalls } from '../../support/child-process-calls.ts';
import type { History } from './history.ts';
import { openPlayer, type Opening } from './open-player.ts';
import { playOnBoard, type Play, type SharedBoard } from './play-on-board.ts';

/** One of the processes of a coherence run. */

let opened: Slotwise | undefined;

const handlers = {
  async open(opening: Opening): Promise<void> {
    opened = await openPlayer(opening);
  },
  async play({ board, play }: { readonly board: SharedBoard; readonly play: Play }): Promise<History> {
    if (opened === undefined) throw new Error('not opened');
    return playOnBoard(opened, board, play);
  },
  async close(): Promise<void> {
    (await opened?.close())?._unsafeUnwrap();
  },
};

export type Player = typeof handlers;

answerCalls(handlers);

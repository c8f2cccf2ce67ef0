import { setTimeout as sleep } from 'node:timers/promises';
import { Instant, type Slot } from '../../src/index.ts';
import type { UnhandledRejections } from '../support/unhandled-rejections.ts';
import type { Board } from './board.ts';
import type { OpenedWithFlaw } from './flaws.ts';
import type { History } from './history.ts';
import { seededRandom, type Random } from './random.ts';
import { readEverything, readSomething, type Reading } from './reads.ts';
import { Recorder, type SourcesOfRead } from './recorder.ts';
import { writeSomething, type Writing } from './writes.ts';

/** What one process does in a round. */
export interface Part {
  readonly node: number;
  readonly board: Board;
  readonly seed: number;
  readonly readers: number;
  readonly writers: number;
}

const READ_PAUSE_MS = 2;
const WRITE_PAUSE_MS = 20;
const HOUR = 3_600_000;
/** Far from the slots of the board. */
const FIRST_START_HOURS = 1000;
/** More than there are processes; each takes every so manieth hour. */
const HOURS_APART = 8;

/** From which names and times are made that no other round, process or writer uses. */
export interface Supplies {
  readonly openedAt: number;
  names: number;
  slots: number;
}

/** Reads and writes at random, until it is told to stop. */
export class NodePlay {
  readonly #recorder: Recorder;
  readonly #opened: OpenedWithFlaw;
  readonly #part: Part;
  readonly #supplies: Supplies;
  readonly #published: Slot[];
  readonly #reading: Promise<unknown>;
  readonly #writing: Promise<unknown>;
  #mayRead = true;
  #mayWrite = true;

  /** @param published slots of earlier rounds that are still there */
  constructor(
    opened: OpenedWithFlaw,
    sources: SourcesOfRead,
    part: Part,
    supplies: Supplies,
    published: Slot[],
  ) {
    this.#recorder = new Recorder(opened.sdk, sources);
    this.#opened = opened;
    this.#part = part;
    this.#supplies = supplies;
    this.#published = published;
    const { readers, writers } = part;
    this.#reading = Promise.all(
      Array.from({ length: readers }, (_, index) => this.#read(this.#random(index))),
    );
    this.#writing = Promise.all(
      Array.from({ length: writers }, (_, index) => this.#write(this.#random(readers + index), index)),
    );
  }

  /** What has begun is finished. */
  async stopWriting(): Promise<void> {
    this.#mayWrite = false;
    await this.#writing;
  }

  /** Ends the reads, reads everything once more, and answers what was done and seen. */
  async finish(unhandled: UnhandledRejections): Promise<History> {
    this.#mayRead = false;
    await this.#reading;
    const inTheEnd = await readEverything(this.#readingWith(this.#random(-1)));
    return this.#recorder.finish(inTheEnd, unhandled.seen.splice(0));
  }

  #random(loop: number): Random {
    const { seed, node } = this.#part;
    return seededRandom(seed * 1000 + node * 100 + loop);
  }

  #readingWith(random: Random): Reading {
    const { sdk } = this.#opened;
    return { sdk, random, board: this.#part.board, recorder: this.#recorder, published: this.#published };
  }

  async #read(random: Random): Promise<void> {
    const reading = this.#readingWith(random);
    while (this.#mayRead) {
      await readSomething(reading);
      await sleep(random() * READ_PAUSE_MS * 2);
    }
  }

  async #write(random: Random, writer: number): Promise<void> {
    const { board, node, writers } = this.#part;
    const supplies = this.#supplies;
    const nextStart = (): Instant => {
      supplies.slots += 1;
      const hours = FIRST_START_HOURS + supplies.slots * HOURS_APART + node;
      return Instant.parse({ epochMilliseconds: supplies.openedAt + hours * HOUR })._unsafeUnwrap();
    };
    const name = (): string => {
      supplies.names += 1;
      return `Process ${node}, name ${supplies.names}`;
    };
    const own = (board.candidates[node] ?? []).filter((_, index) => index % writers === writer);
    const writing: Writing = {
      ...this.#opened,
      board,
      random,
      recorder: this.#recorder,
      candidates: own,
      published: this.#published,
      nextStart,
      name,
    };
    while (this.#mayWrite) {
      await writeSomething(writing);
      await sleep(random() * WRITE_PAUSE_MS * 2);
    }
  }
}

import { NodesPart, type HeapContents } from './nodes-part.ts';
import { StringsPart } from './strings-part.ts';
import { TextUntil } from './text-until.ts';

const NODES = '"nodes":[';
const STRINGS = '"strings":[';

/** Anything between the nodes and the strings is lists of numbers. */
const LONGEST_HEADER = 64 * 1024;

/**
 * Counts the objects of a heap snapshot while it is read, in memory that does not depend on its size: libraries that read
 * snapshots build the whole graph, which takes several times the heap. V8 writes one JSON document whose `nodes` are numbers,
 * some for each object, and whose `strings` come last (`HeapSnapshotJSONSerializer` of V8). Throws an error that says what is
 * wrong with a text that is none.
 */
export class HeapTally {
  readonly #header = new TextUntil(NODES, LONGEST_HEADER);
  readonly #between = new TextUntil(STRINGS, Number.POSITIVE_INFINITY);
  #nodes: NodesPart | undefined;
  #strings: StringsPart | undefined;

  write(chunk: Uint8Array): void {
    let at = 0;
    if (this.#nodes === undefined) {
      at = this.#header.read(chunk, at);
      if (!this.#header.found) return;
      this.#nodes = new NodesPart(this.#header.text);
    }
    at = this.#nodes.read(chunk, at);
    if (!this.#nodes.ended) return;
    if (this.#strings === undefined) {
      at = this.#between.read(chunk, at);
      if (!this.#between.found) return;
      this.#strings = new StringsPart(this.#nodes.names);
    }
    this.#strings.read(chunk, at);
  }

  end(): HeapContents {
    if (this.#nodes === undefined || this.#strings?.ended !== true) throw new Error('it ends too early');
    return this.#nodes.contents(this.#strings.texts);
  }
}

/** Everything up to a mark, which may be cut in two by the end of a chunk. */
export class TextUntil {
  readonly #mark: Buffer;
  readonly #limit: number;
  #kept = Buffer.alloc(0);
  found = false;

  /** @param limit of what comes before the mark, in bytes; with none, nothing of it is kept */
  constructor(mark: string, limit: number) {
    this.#mark = Buffer.from(mark);
    this.#limit = limit;
  }

  /** What came before the mark. */
  get text(): string {
    return this.#kept.toString();
  }

  /** Answers where to go on. */
  read(chunk: Uint8Array, from: number): number {
    const before = this.#kept.length;
    const text = Buffer.concat([this.#kept, chunk.subarray(from)]);
    const at = text.indexOf(this.#mark);
    if (at >= 0) {
      this.found = true;
      this.#kept = text.subarray(0, at);
      return from + at + this.#mark.length - before;
    }
    if (this.#limit === Number.POSITIVE_INFINITY) this.#kept = text.subarray(-this.#mark.length);
    else if (text.length > this.#limit) throw new Error('it does not begin as one');
    else this.#kept = text;
    return chunk.length;
  }
}

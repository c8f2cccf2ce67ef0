const [QUOTE, BACKSLASH, END] = [0x22, 0x5c, 0x5d];

/** Longer names are cut. */
const LONGEST_NAME = 200;

/** The strings: everything that people are called and write is among them, so only those asked for are kept. */
export class StringsPart {
  readonly #wanted: ReadonlySet<number>;
  readonly #texts = new Map<number, string>();
  #index = 0;
  #inside = false;
  #escaped = false;
  /** Of the string it is in, if that is wanted. */
  #bytes: number[] | undefined;
  ended = false;

  constructor(wanted: ReadonlySet<number>) {
    this.#wanted = wanted;
  }

  /** By their places. */
  get texts(): ReadonlyMap<number, string> {
    return this.#texts;
  }

  read(chunk: Uint8Array, from: number): void {
    for (let at = from; at < chunk.length && !this.ended; at += 1) {
      const byte = chunk[at] as number;
      if (!this.#inside) this.#between(byte);
      else if (byte === QUOTE && !this.#escaped) this.#close();
      else {
        this.#escaped = byte === BACKSLASH && !this.#escaped;
        this.#bytes?.push(byte);
      }
    }
  }

  #between(byte: number): void {
    if (byte === END) this.ended = true;
    else if (byte === QUOTE) {
      this.#inside = true;
      this.#bytes = this.#wanted.has(this.#index) ? [] : undefined;
    }
  }

  #close(): void {
    if (this.#bytes !== undefined) {
      const text = JSON.parse(`"${Buffer.from(this.#bytes).toString()}"`) as string;
      this.#texts.set(this.#index, text.slice(0, LONGEST_NAME));
    }
    this.#inside = false;
    this.#index += 1;
  }
}

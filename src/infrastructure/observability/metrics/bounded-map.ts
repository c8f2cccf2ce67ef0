/** Where everything goes whose name came when there was no more room. */
export const OVERFLOW_NAME = 'other';

/** Things by name, of which there is only so much room: whoever makes up names cannot fill the memory. */
export class BoundedMap<T> {
  readonly #limit: number;
  readonly #create: () => T;
  readonly #things = new Map<string, T>();
  /** What was asked for last is mostly asked for next, and a hit in memory is quicker than a map. */
  #lastName: string | undefined;
  #last: T | undefined;

  /** @param limit distinct names at most; one more thing takes what is over */
  constructor(limit: number, create: () => T) {
    this.#limit = limit;
    this.#create = create;
  }

  of(name: string): T {
    if (this.#lastName !== name || this.#last === undefined) {
      this.#last = this.#things.get(name) ?? this.#add(name);
      this.#lastName = name;
    }
    return this.#last;
  }

  get entries(): readonly (readonly [name: string, thing: T])[] {
    return [...this.#things];
  }

  clear(): void {
    this.#things.clear();
    this.#lastName = undefined;
  }

  #add(name: string): T {
    if (this.#things.size >= this.#limit && name !== OVERFLOW_NAME) return this.of(OVERFLOW_NAME);
    const thing = this.#create();
    this.#things.set(name, thing);
    return thing;
  }
}

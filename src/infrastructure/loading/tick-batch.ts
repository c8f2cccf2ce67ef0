interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly answer: Promise<Answer>;
  readonly resolve: (answer: Answer) => void;
}

/**
 * Gathers what is asked in one turn of the event loop and asks it all at once. Whoever asks for the same key before the
 * batch is sent shares its answer; afterwards nobody does, because an answer may be older than a later question.
 */
export class TickBatch<Item, Answer> {
  readonly #ask: (items: readonly Item[]) => Promise<readonly Answer[]>;
  readonly #missing: Answer;
  #waiting = new Map<string, Waiting<Item, Answer>>();

  /**
   * @param ask answers in the order of the items; when it rejects, every item is missing
   * @param missing for an item that `ask` has no answer to
   */
  constructor(ask: (items: readonly Item[]) => Promise<readonly Answer[]>, missing: Answer) {
    this.#ask = ask;
    this.#missing = missing;
  }

  add(key: string, item: Item): Promise<Answer> {
    const joined = this.#waiting.get(key);
    if (joined !== undefined) return joined.answer;
    // After the microtasks that are due: they are where the callers of one turn come from.
    if (this.#waiting.size === 0) process.nextTick(() => void this.#send());
    const { promise: answer, resolve } = Promise.withResolvers<Answer>();
    this.#waiting.set(key, { item, answer, resolve });
    return answer;
  }

  async #send(): Promise<void> {
    const batch = [...this.#waiting.values()];
    this.#waiting = new Map();
    const answers = await this.#ask(batch.map(({ item }) => item)).catch(() => []);
    for (const [index, { resolve }] of batch.entries()) resolve(answers[index] ?? this.#missing);
  }
}

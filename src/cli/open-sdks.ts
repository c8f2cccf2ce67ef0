import { errAsync, okAsync, type ResultAsync } from 'neverthrow';
import { createSlotwise, type Logger, type Slotwise, type SlotwiseOptions } from '../index.ts';
import { usage, withoutPasswords, type CliError } from './cli-error.ts';
import type { OpenOptions } from './command.ts';
import type { Output } from './output.ts';
import type { Settings } from './settings.ts';

const ignore = (): void => undefined;

/** The SDKs that one command has opened. */
export class OpenSdks {
  readonly #settings: Settings;
  readonly #logger: Logger;
  readonly #opened = new Set<ResultAsync<Slotwise, CliError>>();
  #closing = false;

  constructor(settings: Settings, output: Output) {
    this.#settings = settings;
    const tell = (_fields: object, message: string): void => {
      // That connections end is no news any more.
      if (!this.#closing) output.note(`slotwise: ${withoutPasswords(message)}`);
    };
    this.#logger = { debug: ignore, info: ignore, warn: tell, error: tell };
  }

  open(options: OpenOptions = {}): ResultAsync<Slotwise, CliError> {
    if (options.redis && !this.#settings.namesRedis)
      return errAsync(usage('no Redis is named: give --redis-url, or set REDIS_URL'));
    const opening: ResultAsync<Slotwise, CliError> = createSlotwise(this.#optionsFor(options));
    this.#opened.add(opening);
    // Whoever tries again and again would fill it.
    // dropped: the caller has the error
    void opening.orTee(() => this.#opened.delete(opening));
    return options.redis ? opening.andThen((sdk) => sdk.cache.ping().map(() => sdk)) : opening;
  }

  /** Also what is still being opened: nobody else would close it. */
  async close(): Promise<void> {
    this.#closing = true;
    await Promise.all(
      [...this.#opened].map((opening) => opening.andThen((sdk) => sdk.close()).orElse(() => okAsync())),
    );
  }

  #optionsFor({ cache, instrumentation = {} }: OpenOptions): SlotwiseOptions {
    const { database, cache: caching } = this.#settings;
    const chosen =
      cache === 'none' ? false : cache === 'redis' ? { ...caching, l1: false as const } : caching;
    return { database, cache: chosen, logger: this.#logger, instrumentation };
  }
}

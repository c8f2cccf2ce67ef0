import { err, ok, okAsync, type ResultAsync } from 'neverthrow';
import type { DatabaseActivity, HealthReport, ServerConnections, Slotwise } from '../../index.ts';
import { usageOf, type CacheUsage } from '../cache-usage.ts';
import { explain, type CliError } from '../cli-error.ts';

/** What was seen at one moment. What did not answer is absent. */
export interface Sample {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly health?: HealthReport;
  readonly activity?: DatabaseActivity;
  readonly connections?: ServerConnections;
  readonly usage?: CacheUsage;
  /** Why there is no SDK yet: it opens on a database that answers. */
  readonly unopened?: string;
}

/** Asks everything at once: what is away must not keep the rest waiting. */
async function takeSample(sdk: Slotwise, namesRedis: boolean): Promise<Sample> {
  const [health, activity, { server }, usage] = await Promise.all([
    sdk.health(),
    sdk.diagnostics.activity().unwrapOr(undefined),
    sdk.diagnostics.poolStatus(),
    namesRedis ? sdk.cache.servers().map(usageOf).unwrapOr(undefined) : undefined,
  ]);
  return {
    at: Date.now(),
    health,
    ...(activity === undefined ? {} : { activity }),
    ...(server?.available === true ? { connections: server } : {}),
    ...(usage === undefined ? {} : { usage }),
  };
}

/** Opens the SDK as soon as there is a database to open it on, and then keeps it. */
export class Sampler {
  readonly #open: () => ResultAsync<Slotwise, CliError>;
  readonly #namesRedis: boolean;
  #sdk: Slotwise | undefined;

  constructor(open: () => ResultAsync<Slotwise, CliError>, namesRedis: boolean) {
    this.#open = open;
    this.#namesRedis = namesRedis;
  }

  /** An `Err` only for what waiting does not help, such as an option that is wrong. */
  next(): ResultAsync<Sample, CliError> {
    return this.#opened()
      .map((sdk) => takeSample(sdk, this.#namesRedis))
      .orElse((error) =>
        error.type === 'DatabaseUnreachable'
          ? ok<Sample>({ at: Date.now(), unopened: explain(error) })
          : err(error),
      );
  }

  #opened(): ResultAsync<Slotwise, CliError> {
    if (this.#sdk !== undefined) return okAsync(this.#sdk);
    return this.#open().andTee((sdk) => {
      this.#sdk = sdk;
    });
  }
}

import type { Result } from 'neverthrow';
import type { Page, PageRequest } from '../../domain/shared/page.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import { tellHost } from '../tell-host.ts';
import type { CacheFamily } from './cache-policies.ts';

/** Reads of one family. `total` grows while more is found to do. */
export interface WarmProgress {
  readonly family: CacheFamily;
  readonly done: number;
  readonly total: number;
}

export interface ReadCounts {
  /** Entities and lists that are in the cache now, whether they were before or not. */
  readonly loaded: number;
  /** Reads that failed. */
  readonly failed: number;
  /** `false` when it was stopped: by the signal, or because the database failed or the cache is switched off. */
  readonly complete: boolean;
  readonly firstError?: RepositoryError;
}

type Read<T> = () => PromiseLike<Result<T, RepositoryError>>;

/** Few enough to leave connections to everybody else. */
const READS_AT_ONCE = 4;
const IDS_AT_ONCE = 500;

/** Makes reads and counts what became of them; once the database has failed, or it must stop, it makes no more. */
export class CountedReads {
  readonly #mustStop: () => boolean;
  readonly #onProgress: (progress: WarmProgress) => void;
  readonly #progress = new Map<CacheFamily, WarmProgress>();
  #counts: ReadCounts = { loaded: 0, failed: 0, complete: true };

  constructor(mustStop: () => boolean, onProgress: (progress: WarmProgress) => void) {
    this.#mustStop = mustStop;
    this.#onProgress = onProgress;
  }

  get counts(): ReadCounts {
    return this.#counts;
  }

  /** @param size how many entities or lists an answer stands for */
  async one<T>(
    family: CacheFamily,
    read: Read<T>,
    size: (answer: T) => number = () => 1,
  ): Promise<T | undefined> {
    this.#expect(family, 1);
    return this.#make(family, read, size);
  }

  async each<Item, T>(
    family: CacheFamily,
    items: readonly Item[],
    read: (item: Item) => ReturnType<Read<T>>,
    size: (answer: T) => number = () => 1,
  ): Promise<readonly T[]> {
    this.#expect(family, items.length);
    const answers: T[] = [];
    const queue = items.values();
    const work = async (): Promise<void> => {
      for (const item of queue) {
        const answer = await this.#make(family, () => read(item), size);
        if (answer !== undefined) answers.push(answer);
      }
    };
    await Promise.all(Array.from({ length: READS_AT_ONCE }, work));
    return answers;
  }

  /** Follows a list, and answers whom it holds. */
  async pages<T extends { readonly id: unknown }>(
    family: CacheFamily,
    limit: number,
    list: (page: PageRequest) => ReturnType<Read<Page<T>>>,
    size = 1,
  ): Promise<readonly T['id'][]> {
    const ids: T['id'][] = [];
    let request: PageRequest | undefined = {};
    for (let page = 0; page < limit && request !== undefined; page += 1) {
      const position: PageRequest = request;
      const answer: Page<T> | undefined = await this.one(
        family,
        () => list(position),
        () => size,
      );
      ids.push(...(answer?.items ?? []).map(({ id }) => id));
      request = answer?.nextCursor === undefined ? undefined : { cursor: answer.nextCursor };
    }
    return ids;
  }

  /** Entities by id, many at a time, each once. */
  async entities<Id, T>(
    family: CacheFamily,
    ids: readonly Id[],
    getMany: (ids: readonly Id[]) => ReturnType<Read<ReadonlyMap<Id, T>>>,
  ): Promise<void> {
    const distinct = [...new Set(ids)];
    const portions = Array.from({ length: Math.ceil(distinct.length / IDS_AT_ONCE) }, (_, index) =>
      distinct.slice(index * IDS_AT_ONCE, (index + 1) * IDS_AT_ONCE),
    );
    await this.each(family, portions, getMany, ({ size }) => size);
  }

  async #make<T>(family: CacheFamily, read: Read<T>, size: (answer: T) => number): Promise<T | undefined> {
    if (!this.#counts.complete || this.#mustStop()) {
      this.#counts = { ...this.#counts, complete: false };
      return undefined;
    }
    const answer = await read();
    this.#count(answer.map(size));
    this.#tell(family);
    return answer.unwrapOr(undefined);
  }

  #count(outcome: Result<number, RepositoryError>): void {
    const { loaded, failed, complete, firstError } = this.#counts;
    if (outcome.isOk()) {
      this.#counts = { ...this.#counts, loaded: loaded + outcome.value };
      return;
    }
    const databaseFailed = outcome.error.type === 'Database' || outcome.error.type === 'Timeout';
    this.#counts = {
      loaded,
      failed: failed + 1,
      complete: complete && !databaseFailed,
      firstError: firstError ?? outcome.error,
    };
  }

  #expect(family: CacheFamily, more: number): void {
    const { done, total } = this.#progress.get(family) ?? { done: 0, total: 0 };
    this.#progress.set(family, { family, done, total: total + more });
  }

  #tell(family: CacheFamily): void {
    const { done, total } = this.#progress.get(family) ?? { done: 0, total: 0 };
    const progress = { family, done: done + 1, total };
    this.#progress.set(family, progress);
    tellHost(this.#onProgress, progress);
  }
}

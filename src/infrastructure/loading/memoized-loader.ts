import { err, ok, ResultAsync, type Result } from 'neverthrow';
import type { BatchLoader } from '../../application/ports/loaders.ts';
import { parseIds, type AnyId, type IdInput } from '../../domain/shared/id.ts';
import type { RepositoryError } from '../../domain/shared/repository-error.ts';
import type { ValidationError } from '../../domain/shared/validation-error.ts';
import { Memo } from './memo.ts';
import { TickBatch } from './tick-batch.ts';

type Loaded<Entity> = Result<Entity | undefined, RepositoryError>;

/** Where entities of one kind come from. */
export interface LoaderSource<Id extends AnyId, Entity> {
  readonly parseId: (id: number, field?: string) => Result<Id, ValidationError>;
  readonly getMany: (ids: readonly Id[]) => ResultAsync<ReadonlyMap<Id, Entity>, RepositoryError>;
}

/** The batch loader of one unit of work. */
export class MemoizedLoader<Id extends AnyId, Entity> implements BatchLoader<Id, Entity> {
  readonly #parseId: LoaderSource<Id, Entity>['parseId'];
  readonly #memo = new Memo();
  readonly #batch: TickBatch<Id, Loaded<Entity>>;

  constructor({ parseId, getMany }: LoaderSource<Id, Entity>) {
    this.#parseId = parseId;
    this.#batch = new TickBatch(async (ids) => {
      const found = await getMany(ids);
      return ids.map((id): Loaded<Entity> => (found.isOk() ? ok(found.value.get(id)) : err(found.error)));
    }, ok(undefined));
  }

  load(id: IdInput<Id>): ResultAsync<Entity | undefined, RepositoryError> {
    return this.#parseId(id).asyncAndThen((valid) =>
      this.#memo.once(valid, () => this.#batch.add(String(valid), valid)),
    );
  }

  loadMany(ids: readonly IdInput<Id>[]): ResultAsync<readonly (Entity | undefined)[], RepositoryError> {
    return parseIds(this.#parseId, ids).asyncAndThen((valid) =>
      ResultAsync.combine(valid.map((id) => this.load(id as IdInput<Id>))),
    );
  }

  clear(): void {
    this.#memo.clear();
  }
}

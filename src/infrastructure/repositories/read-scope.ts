import type { Anchor } from '../../application/caching/anchors.ts';

/**
 * How a read may use the cache at this moment.
 *
 * `use`: read it, and fill it with what a statement outside any transaction answers.
 * `peek`: a transaction is open: read it, but load through that transaction and fill nothing.
 * `bypass`: the transaction has changed what is asked for, or must not mix snapshots.
 */
export type ReadMode = 'use' | 'peek' | 'bypass';

/** Where a read comes from: a unit of work, or nowhere in particular. */
export interface ReadScope {
  /** Whether reads of this scope may share their loads with others even when they carry no stamp. */
  readonly shared: boolean;
  mode(anchors: readonly Anchor[]): ReadMode;
  /** Runs a load of its own beside it, so that it is known for whom; there is nobody to know outside. */
  beside?<T>(load: () => T): T;
}

const scopes = new WeakMap<object, ReadScope>();

/** Lets reads of the host's own that name a unit of work follow the same rules as those of its repositories. */
export const declareScope = (unitOfWork: object, scope: ReadScope): void =>
  void scopes.set(unitOfWork, scope);

const unknownUnitOfWork: ReadScope = { shared: false, mode: () => 'bypass' };

export const scopeOf = (unitOfWork: object): ReadScope => scopes.get(unitOfWork) ?? unknownUnitOfWork;

/** Reads outside any unit of work. */
export const noUnitOfWork: ReadScope = { shared: true, mode: () => 'use' };

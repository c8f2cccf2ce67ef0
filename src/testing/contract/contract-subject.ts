import type { CommitReport, UnitOfWork, UnitOfWorkOptions } from '../../application/ports/unit-of-work.ts';
import type { BookingPolicy } from '../../domain/booking/booking-policy.ts';
import type { Slotwise } from '../../infrastructure/slotwise.ts';

/**
 * The part of a test runner that the suites need. vitest's and Jest's functions fit as they are; for `node:test` pass its
 * `before` and `after` as `beforeAll` and `afterAll`.
 */
export interface TestFramework {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: (name: string, body: () => Promise<void>) => void;
  /** Runs once before the tests of the `describe` it is called in. */
  readonly beforeAll: (hook: () => Promise<void>) => void;
  readonly afterAll: (hook: () => Promise<void>) => void;
}

export interface ContractOptions {
  readonly policies: { readonly booking: Partial<BookingPolicy> };
}

/** How the suites get hold of the SDK that they examine. */
export interface ContractSubject {
  /** A migrated SDK that follows these policies. Rows of others may be there, but nobody else changes them. */
  readonly create: (options: ContractOptions) => Promise<Slotwise> | Slotwise;
  /** Ends what `create` began; closes the SDK when left out. */
  readonly dispose?: (sdk: Slotwise) => Promise<void> | void;
  /**
   * What a commit that wrote something reports; `applied` when left out. An SDK without a cache, on a database whose
   * other users may have one, can only defer.
   */
  readonly invalidation?: CommitReport['invalidation'];
  /**
   * `false` when what is given to `sdk.cache` is not kept, because it is off or always misses; then only what it answers
   * is examined.
   */
  readonly cacheKeeps?: boolean;
}

/** Declares the tests of one subject. Times are relative to the SDK's own clock, so any clock will do. */
export type ContractSuite = (framework: TestFramework, subject: ContractSubject) => void;

/**
 * Declares one test that is given the suite's SDK, and a way to open units of work that ends them after the test
 * whatever happens in it: one that stays open would keep its locks, or the only connection there is.
 */
export type Test = (name: string, body: (sdk: Slotwise, open: Open) => Promise<void>) => void;

export type Open = (options?: UnitOfWorkOptions) => UnitOfWork;

/** A group of tests that share something which is made before the first of them and ended after the last. */
export function sharedBetweenTests<T>(
  framework: TestFramework,
  name: string,
  life: { readonly create: () => Promise<T> | T; readonly dispose: (made: T) => Promise<void> | void },
  declare: (made: () => T) => void,
): void {
  framework.describe(name, () => {
    let current: { readonly made: T } | undefined;
    framework.beforeAll(async () => {
      current = { made: await life.create() };
    });
    framework.afterAll(async () => {
      if (current !== undefined) await life.dispose(current.made);
    });
    declare(() => {
      if (current === undefined) throw new Error(`what is examined as ${name} could not be created`);
      return current.made;
    });
  });
}

/** A group of tests that share one SDK. They also share its rows, so each test seeds its own. */
export const contractSuite =
  (
    name: string,
    declare: (test: Test, subject: ContractSubject) => void,
    booking: Partial<BookingPolicy> = {},
  ): ContractSuite =>
  (framework, subject) => {
    const life = {
      create: () => subject.create({ policies: { booking } }),
      dispose: (sdk: Slotwise) => endSubject(subject, sdk),
    };
    sharedBetweenTests(framework, name, life, (sdk) => {
      const test: Test = (title, body) =>
        framework.it(title, async () => ending(sdk(), (open) => body(sdk(), open)));
      declare(test, subject);
    });
  };

/** Runs work that opens units of work, and ends those that it left open. */
export async function ending<T>(sdk: Slotwise, work: (open: Open) => Promise<T>): Promise<T> {
  const opened: UnitOfWork[] = [];
  try {
    return await work((options) => {
      const uow = sdk.unitOfWork(options);
      opened.push(uow);
      return uow;
    });
  } finally {
    for (const uow of opened) await uow[Symbol.asyncDispose]();
  }
}

/** Several suites under one name. */
export const suiteOf =
  (name: string, ...suites: readonly ContractSuite[]): ContractSuite =>
  (framework, subject) => {
    framework.describe(name, () => {
      for (const suite of suites) suite(framework, subject);
    });
  };

/** Lets suites with the same policies share an SDK, because creating one may start a whole database. */
export function sharing(subject: ContractSubject): {
  readonly subject: ContractSubject;
  readonly disposeAll: () => Promise<void>;
} {
  const created = new Map<string, Promise<Slotwise>>();
  return {
    subject: {
      ...subject,
      create: async (options) => {
        const key = JSON.stringify(options);
        const sdk = created.get(key) ?? Promise.resolve(subject.create(options));
        created.set(key, sdk);
        return sdk;
      },
      dispose: () => undefined,
    },
    disposeAll: async () => {
      for (const sdk of created.values()) await endSubject(subject, await sdk);
    },
  };
}

/** Ends an SDK as its subject wants it. */
export async function endSubject(subject: ContractSubject, sdk: Slotwise): Promise<void> {
  if (subject.dispose === undefined) await sdk[Symbol.asyncDispose]();
  else await subject.dispose(sdk);
}

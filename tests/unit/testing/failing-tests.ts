import type { TestFramework } from '../../../src/testing/index.ts';

/** Runs what a suite declares, one after the other, and answers the names of all its tests and of those that failed. */
export async function failingTests(
  declare: (framework: TestFramework) => void,
): Promise<{ readonly all: readonly string[]; readonly failed: readonly string[] }> {
  const tests: { readonly name: string; readonly body: () => Promise<void> }[] = [];
  const hooks: (() => Promise<void>)[] = [];
  declare({
    describe: (_name, body) => body(),
    it: (name, body) => tests.push({ name, body }),
    beforeAll: (hook) => hooks.push(hook),
    afterAll: () => undefined,
  });
  for (const hook of hooks) await hook();
  const failed: string[] = [];
  for (const { name, body } of tests)
    await body().catch(() => {
      failed.push(name);
    });
  return { all: tests.map(({ name }) => name), failed };
}

/** An object whose methods are those of another one, except some. */
export const replacing = <T extends object>(object: T, methods: Partial<T>): T =>
  new Proxy(object, {
    get: (target, name) => {
      const replaced: unknown = Reflect.get(methods, name);
      const value: unknown = replaced ?? Reflect.get(target, name, target);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

import { defineConfig } from 'vitest/config';

const serverTimeout = 30_000;

/**
 * Projects of one `groupOrder` share the workers; groups run one after the other. The suites that need servers
 * come last and one file at a time, so that a loaded machine does not turn their time limits into failures.
 */
export default defineConfig({
  test: {
    globalSetup: ['tests/support/global-setup.ts'],
    reporters: ['default', './scripts/summary-reporter.ts'],
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
    projects: [
      {
        extends: true,
        // For the fixtures with decorators: as they are written under `experimentalDecorators`.
        oxc: { decorator: { legacy: true } },
        test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], sequence: { groupOrder: 0 } },
      },
      {
        extends: true,
        test: {
          name: 'types',
          include: [],
          typecheck: {
            enabled: true,
            only: true,
            checker: 'tsc',
            include: ['tests/types/**/*.test-d.ts'],
            // The build's configuration leaves the tests out, and then wrong types would pass unseen.
            tsconfig: './tsconfig.test.json',
          },
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'architecture',
          include: ['tests/architecture/*.test.ts'],
          testTimeout: 60_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'di',
          include: ['tests/di/**/*.test.ts'],
          testTimeout: serverTimeout,
          hookTimeout: serverTimeout,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'contract',
          include: ['tests/contract/**/*.test.ts'],
          testTimeout: serverTimeout,
          hookTimeout: serverTimeout,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          testTimeout: serverTimeout,
          hookTimeout: serverTimeout,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          testTimeout: serverTimeout,
          hookTimeout: serverTimeout,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
});

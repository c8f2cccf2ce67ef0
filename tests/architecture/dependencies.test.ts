import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkDependencies } from '../../scripts/check-deps.ts';
import { projectRoot } from '../../scripts/tool.ts';

const fixture = join(import.meta.dirname, 'fixtures/layers');

describe('the dependency rules', () => {
  it('find every planted violation and accept what is allowed', async () => {
    const { violations } = await checkDependencies(fixture);
    const found = new Set(violations.map(({ rule, from }) => `${rule}: ${from.replace('src/', '')}`));

    expect([...found].toSorted()).toEqual([
      'application-looks-inward: application/uses-an-adapter.ts',
      'cli-is-outermost: infrastructure/calls-out.ts',
      'cli-uses-the-entry-point: cli/reaches-in.ts',
      'cockatiel-stays-home: index.ts',
      'commander-stays-home: index.ts',
      'devalue-stays-home: index.ts',
      'domain-is-pure: domain/reaches-out.ts',
      'infrastructure-not-to-entry-points: infrastructure/persistence/chicken.ts',
      'ioredis-mock-stays-home: index.ts',
      'ioredis-types-only: infrastructure/create-slotwise.ts',
      'known-packages-only: infrastructure/cache/borrows-a-neighbour.ts',
      'lru-cache-stays-home: index.ts',
      'mikro-orm-stays-home: infrastructure/cache/borrows-a-neighbour.ts',
      'msgpackr-stays-home: index.ts',
      'no-circular: infrastructure/persistence/chicken.ts',
      'opentelemetry-stays-home: index.ts',
      'prom-client-stays-home: index.ts',
      'resolvable: index.ts',
      'source-not-to-development: index.ts',
      'temporal-polyfill-stays-home: index.ts',
      'tsyringe-stays-home: index.ts',
      'zod-stays-home: index.ts',
    ]);
  });

  it('find every import of the domain that leaves it, types included', async () => {
    const { violations } = await checkDependencies(fixture);
    const leaving = violations.filter(({ rule }) => rule === 'domain-is-pure').map(({ to }) => to);

    expect(leaving.toSorted()).toEqual(['fs', 'src/infrastructure/cache/store.ts']);
  });

  it('hold in the source', async () => {
    const { modules, dependencies, violations } = await checkDependencies(projectRoot);

    expect(violations).toEqual([]);
    expect(modules).toBeGreaterThan(40);
    expect(dependencies).toBeGreaterThan(modules);
  });
});

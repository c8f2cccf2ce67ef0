import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cachePolicies } from '../../../src/application/caching/cache-policies.ts';

const guide = readFileSync(new URL('../../../docs/guides/your-own-data.md', import.meta.url), 'utf8');

it('the guide names every anchor that commits raise', () => {
  const [, table = ''] = guide.split('## The anchors that commits raise');
  const named = table.replaceAll(/\{\w+\}/g, '{id}');
  const anchors = Object.values(cachePolicies()).map(({ anchor }) => anchor('{id}' as never));
  expect(anchors.length).toBeGreaterThan(10);
  expect(anchors.filter((anchor) => !named.includes(`\`${anchor}\``))).toEqual([]);
});

import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { cachePolicies } from '../../../src/application/caching/cache-policies.ts';

const guide = readFileSync(new URL('../../../docs/guides/your-own-data.md', import.meta.url), 'utf8');

/** What any anchor is made from: an id, or an object with parts. */
const argument = { key: '{id}', locale: '{id}', channel: '{id}', toString: () => '[argument]' };

it('the guide names every anchor that commits raise', () => {
  const [, table = ''] = guide.split('## The anchors that commits raise');
  const named = table.replaceAll(/\{\w+\}/g, '{id}');
  const anchors = Object.values(cachePolicies()).map(({ anchor }) =>
    anchor(argument as never).replaceAll('[argument]', '{id}'),
  );
  expect(anchors.length).toBeGreaterThan(10);
  expect(anchors.filter((anchor) => !named.includes(`\`${anchor}\``))).toEqual([]);
});

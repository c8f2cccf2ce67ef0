import { describe, expect, it } from 'vitest';
import { HeapTally } from '../../../../src/infrastructure/observability/heap/heap-tally.ts';

interface Node {
  readonly type: string;
  readonly name: string;
  readonly size: number;
}

const types = ['hidden', 'string', 'object', 'native'];

/** A snapshot as V8 writes it, with only what is read. */
function snapshotOf(
  nodes: readonly Node[],
  fields = ['type', 'name', 'id', 'self_size', 'edge_count'],
): string {
  const strings = ['unused: "strings":[', ...new Set(nodes.map(({ name }) => name))];
  const numbers = nodes.map(({ type, name, size }, id) =>
    fields.map((field) => {
      if (field === 'type') return types.indexOf(type);
      if (field === 'name') return strings.indexOf(name);
      return field === 'self_size' ? size : id;
    }),
  );
  const meta = { node_fields: fields, node_types: [types, 'string'], edge_fields: ['type'] };
  return `{"snapshot":${JSON.stringify({ meta, node_count: nodes.length })},
"nodes":[${numbers.join('\n,')}],
"edges":[1,2,3
,4],
"trace_tree":[],
"strings":[${strings.map((text) => JSON.stringify(text)).join(',\n')}]}`;
}

function contentsOf(text: string, chunkLength = text.length) {
  const tally = new HeapTally();
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += chunkLength) tally.write(bytes.subarray(at, at + chunkLength));
  const { all, byName } = tally.end();
  return { all, byName: Object.fromEntries(byName) };
}

const nodes: readonly Node[] = [
  { type: 'object', name: 'Session', size: 40 },
  { type: 'string', name: 'Ada Lovelace', size: 32 },
  { type: 'object', name: 'Session', size: 56 },
  { type: 'native', name: 'Node / "quoted" \\ Ünïcödé 🦊', size: 1_000_000 },
  { type: 'hidden', name: 'system', size: 8 },
];

const expected = {
  all: { objects: 5, bytes: 1_000_136 },
  byName: {
    Session: { objects: 2, bytes: 96 },
    'Node / "quoted" \\ Ünïcödé 🦊': { objects: 1, bytes: 1_000_000 },
    '(string)': { objects: 1, bytes: 32 },
    '(hidden)': { objects: 1, bytes: 8 },
  },
};

describe('the tally of a heap', () => {
  it('counts objects by constructor, and the rest by what it is', () => {
    expect(contentsOf(snapshotOf(nodes))).toEqual(expected);
  });

  it('is the same wherever the file is cut into chunks', () => {
    const text = snapshotOf(nodes);
    for (let length = 1; length < 60; length += 1) expect(contentsOf(text, length)).toEqual(expected);
  });

  it('finds its fields where the header says they are', () => {
    const fields = ['self_size', 'detachedness', 'name', 'type'];
    expect(contentsOf(snapshotOf(nodes, fields))).toEqual(expected);
  });

  const text = snapshotOf(nodes);
  it.each([
    ['nothing', ''],
    ['another file', 'x'.repeat(100_000)],
    ['another JSON', '{"nodes":[1,2]}'],
    ['a header that is none', '{"snapshot":7,"nodes":[1,2],"strings":[]}'],
    ['other fields', snapshotOf(nodes, ['name', 'id'])],
    ['one that ends among the nodes', text.slice(0, text.indexOf('"edges"') - 5)],
    ['one that ends among the edges', text.slice(0, text.indexOf('"trace_tree"'))],
    ['one that ends among the strings', text.slice(0, -3)],
    ['one that lacks nodes', text.replace('"node_count":5', '"node_count":6')],
    ['one with text among the nodes', text.replace('"nodes":[', '"nodes":["a",')],
    ['one with an unknown type', text.replace('"nodes":[2,', '"nodes":[9,')],
  ])('refuses %s', (_, wrong) => {
    expect(() => contentsOf(wrong)).toThrow(/^(it|its) /);
  });
});

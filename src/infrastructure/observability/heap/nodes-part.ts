import type { HeapUse } from '../../../application/ports/heap-snapshots.ts';

/** What a snapshot holds, by the name of the constructor. */
export interface HeapContents {
  readonly all: HeapUse;
  readonly byName: ReadonlyMap<string, HeapUse>;
}

interface Sum {
  objects: number;
  bytes: number;
}

interface Fields {
  readonly width: number;
  readonly type: number;
  readonly name: number;
  readonly size: number;
  readonly typeNames: readonly string[];
  readonly nodes: number;
}

/** Of objects that have a constructor, or that code of the runtime has made; their name is that of the constructor. */
const NAMED: readonly string[] = ['object', 'native'];

/** A program has some thousands. */
const MOST_NAMES = 1_000_000;

const [COMMA, END, ZERO, NINE] = [0x2c, 0x5d, 0x30, 0x39];

/** The nodes: a list of numbers, `width` for each. */
export class NodesPart {
  readonly #fields: Fields;
  readonly #named: readonly boolean[];
  readonly #byName = new Map<number, Sum>();
  readonly #byType: readonly Sum[];
  #value = 0;
  #field = 0;
  #type = 0;
  #name = 0;
  #size = 0;
  #nodes = 0;
  ended = false;

  constructor(header: string) {
    this.#fields = readFields(header);
    const { typeNames } = this.#fields;
    this.#named = typeNames.map((type) => NAMED.includes(type));
    this.#byType = typeNames.map(() => ({ objects: 0, bytes: 0 }));
  }

  /** Places of the names among the strings. */
  get names(): ReadonlySet<number> {
    return new Set(this.#byName.keys());
  }

  /** Answers where to go on. */
  read(chunk: Uint8Array, from: number): number {
    if (this.ended) return from;
    for (let at = from; at < chunk.length; at += 1) {
      const byte = chunk[at] as number;
      if (byte >= ZERO && byte <= NINE) this.#value = this.#value * 10 + (byte - ZERO);
      else if (byte === COMMA) this.#take();
      else if (byte === END) {
        this.#take();
        this.#end();
        return at + 1;
      } else if (byte > 0x20) throw new Error('its nodes are no numbers');
    }
    return chunk.length;
  }

  contents(texts: ReadonlyMap<number, string>): HeapContents {
    const all = { objects: 0, bytes: 0 };
    const byName = new Map<string, Sum>();
    const add = (name: string, { objects, bytes }: HeapUse): void => {
      const sum = byName.get(name) ?? { objects: 0, bytes: 0 };
      byName.set(name, sum);
      for (const one of [sum, all]) {
        one.objects += objects;
        one.bytes += bytes;
      }
    };
    for (const [index, sum] of this.#byName) add(texts.get(index) ?? '(unnamed)', sum);
    for (const [index, sum] of this.#byType.entries())
      if (sum.objects > 0) add(`(${this.#fields.typeNames[index] ?? 'unknown'})`, sum);
    return { all, byName };
  }

  #take(): void {
    const { width, type, name, size } = this.#fields;
    if (this.#field === type) this.#type = this.#value;
    else if (this.#field === name) this.#name = this.#value;
    else if (this.#field === size) this.#size = this.#value;
    this.#value = 0;
    this.#field += 1;
    if (this.#field < width) return;
    this.#field = 0;
    this.#nodes += 1;
    const sum = this.#sum();
    sum.objects += 1;
    sum.bytes += this.#size;
  }

  #sum(): Sum {
    const ofType = this.#byType[this.#type];
    if (ofType === undefined) throw new Error('it has nodes of an unknown type');
    if (this.#named[this.#type] !== true) return ofType;
    let sum = this.#byName.get(this.#name);
    if (sum === undefined) {
      if (this.#byName.size >= MOST_NAMES) throw new Error('it has too many names');
      sum = { objects: 0, bytes: 0 };
      this.#byName.set(this.#name, sum);
    }
    return sum;
  }

  #end(): void {
    if (this.#nodes !== this.#fields.nodes || this.#field !== 0) throw new Error('it lacks nodes');
    this.ended = true;
  }
}

interface Header {
  readonly snapshot: {
    readonly meta: {
      readonly node_fields: readonly string[];
      readonly node_types: readonly [readonly string[], ...unknown[]];
    };
    readonly node_count: number;
  };
}

/** Fields have changed from version to version, so the header says which there are. */
function readFields(header: string): Fields {
  try {
    const { snapshot } = JSON.parse(`${header.replace(/,\s*$/, '')}}`) as Header;
    const { node_fields: fields, node_types: types } = snapshot.meta;
    const place = (field: string): number => {
      const at = fields.indexOf(field);
      if (at < 0) throw new Error(`its nodes have no ${field}`);
      return at;
    };
    return {
      width: fields.length,
      type: place('type'),
      name: place('name'),
      size: place('self_size'),
      typeNames: types[0],
      nodes: snapshot.node_count,
    };
  } catch (cause) {
    throw new Error('it does not begin as one', { cause });
  }
}

/** What is used of the optional package `msgpackr`, whose types a host need not have. */
export interface MessagePackLibrary {
  readonly Packr: new (options: { useRecords: boolean }) => { pack(data: unknown): Uint8Array };
  readonly Unpackr: new (options: { useRecords: boolean }) => { unpack(bytes: Uint8Array): unknown };
}

export type LoadMessagePack = () => Promise<MessagePackLibrary>;

export const loadMsgpackr: LoadMessagePack = () => import('msgpackr');

/**
 * Records, an extension of msgpackr, name the fields of a list's items once. They are what makes it worth having: without
 * them its output as base64 is larger than JSON, and slower.
 */
const options = { useRecords: true };

/** MessagePack that is loaded when it is first needed, if it is installed. */
export class MessagePack {
  readonly #load: LoadMessagePack;
  #writer: { pack(data: unknown): Uint8Array } | undefined;
  #newReader: (() => { unpack(bytes: Uint8Array): unknown }) | undefined;
  #loading: Promise<boolean> | undefined;

  constructor(load: LoadMessagePack) {
    this.#load = load;
  }

  /** `false` when it is not installed; that is not asked twice. */
  load(): Promise<boolean> {
    this.#loading ??= this.#load().then(
      ({ Packr, Unpackr }) => {
        this.#writer = new Packr(options);
        this.#newReader = () => new Unpackr(options);
        return true;
      },
      () => false,
    );
    return this.#loading;
  }

  pack(data: unknown): Uint8Array {
    return (this.#writer ?? this.#notYet()).pack(data);
  }

  /** A reader of its own for each payload: what one defines is gone before the next one is read. */
  unpack(bytes: Uint8Array): unknown {
    return (this.#newReader ?? this.#notYet())().unpack(bytes);
  }

  /** Whoever meets a payload before the package is there goes without it, and the next one finds it loaded. */
  #notYet(): never {
    void this.load();
    throw new Error('msgpackr is not loaded');
  }
}

/**
 * Whether the data come back from msgpackr as they are: it cannot say half of a surrogate pair, and renames a key
 * `__proto__`.
 */
export function survivesMessagePack(data: unknown): boolean {
  if (typeof data === 'string') return data.isWellFormed();
  if (typeof data !== 'object' || data === null) return true;
  if (Array.isArray(data)) return data.every(survivesMessagePack);
  return Object.entries(data).every(
    ([key, value]) => key !== '__proto__' && key.isWellFormed() && survivesMessagePack(value),
  );
}

/** A statement that the database has answered, or refused. */
export interface SentStatement {
  readonly operation: string;
  readonly durationMs: number;
  /** The type of the error it ended in, if it did. */
  readonly failure: string | undefined;
  /** Its text, with placeholders; it is put together when somebody asks. */
  readonly sql: () => string;
}

export type HearStatement = (statement: SentStatement) => void;

/** One listener for all that are there; `undefined` when nobody listens, and then nothing needs to be seen. */
export function heardBy(...listeners: readonly (HearStatement | undefined)[]): HearStatement | undefined {
  const present = listeners.filter((listener) => listener !== undefined);
  if (present.length <= 1) return present[0];
  return (statement) => {
    for (const hear of present) hear(statement);
  };
}

import type { IndexReport } from '../../application/ports/diagnostics.ts';

/** An index that is missing or broken, and what to do about it. */
export interface IndexTrouble {
  readonly name: string;
  readonly message: string;
  readonly remedy: string;
}

/** What guards and is declared is left out: the doctor looks at it as a guard. */
export const indexTroubles = (indexes: readonly IndexReport[], schema: string): readonly IndexTrouble[] =>
  indexes
    .filter(({ state, declared, guards }) => state !== 'present' && !(declared && guards))
    .map((index) => troubleOf(index, schema));

const CREATE = '`slotwise indexes --create` builds it, and keeps nobody from reading or writing meanwhile';

const troubleOf = ({ table, name, state, declared }: IndexReport, schema: string): IndexTrouble =>
  state === 'missing'
    ? {
        name,
        message: `the index ${name} on "${schema}".${table} is missing`,
        remedy: CREATE,
      }
    : {
        name,
        message: `the index ${name} on "${schema}".${table} is invalid: it costs writes and answers nothing`,
        remedy: declared ? CREATE : `drop index concurrently "${schema}"."${name}";`,
      };

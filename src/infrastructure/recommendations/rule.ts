import type { IndexReport, TableReport } from '../../application/ports/diagnostics.ts';
import type {
  Recommendation,
  RepeatedStatement,
  SlowStatement,
} from '../../application/ports/query-diagnostics.ts';

/** What the rules look at. */
export interface Observed {
  readonly schema: string;
  readonly tables: readonly TableReport[];
  readonly indexes: readonly IndexReport[];
  readonly slow: readonly SlowStatement[];
  readonly repeated: readonly RepeatedStatement[];
}

/** Looks for one thing that could be better. */
export type Rule = (observed: Observed) => readonly Recommendation[];

import {
  anchorsOfCandidate,
  anchorsOfCity,
  anchorsOfRecruiter,
  anchorsOfSlot,
  anchorsOfTemplate,
  type Anchor,
} from '../../application/caching/anchors.ts';
import type { Rows, TableName } from './tables.ts';

type AnchorsOf = { readonly [Name in TableName]: (...states: readonly Rows[Name][]) => readonly Anchor[] };

const anchorsOf: AnchorsOf = {
  cities: anchorsOfCity,
  recruiters: anchorsOfRecruiter,
  candidates: anchorsOfCandidate,
  slots: anchorsOfSlot,
  templates: anchorsOfTemplate,
  // Nothing that is cached shows these.
  bookings: () => [],
  reschedules: () => [],
  blockedPeriods: () => [],
  waitlist: () => [],
  audit: () => [],
  events: () => [],
  idempotency: () => [],
  inbox: () => [],
  tokens: () => [],
};

/** The anchors that a write raises, of every state of the row there is: the one before it and the one after. */
export const anchorsOfRow = <Name extends TableName>(
  name: Name,
  ...states: readonly (Rows[Name] | undefined)[]
): readonly Anchor[] => anchorsOf[name](...states.filter((state) => state !== undefined));

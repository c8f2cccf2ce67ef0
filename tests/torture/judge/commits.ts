import type { Acknowledgement, EntityName, ListName } from '../history.ts';
import { besideRedis, bounds, type Rules } from './bounds.ts';
import { relayedBy, type Interval } from './relay-reach.ts';

/** A version of a row that was committed, as the database itself wrote it down. */
export interface CommittedState {
  readonly entity: EntityName;
  readonly version: number;
  /** What the row holds; two versions never hold the same. */
  readonly value: string;
  /** The lists this version is in. */
  readonly lists: readonly ListName[];
}

/** Whoever exists is at least in the list of its own name. */
export const isDeletion = ({ lists }: CommittedState): boolean => lists.length === 0;

/** A committed version together with what its writer was told, and from when on it must be seen. */
export interface Commit extends CommittedState {
  readonly startedAt: number;
  /** When its writer was told, or was dead. */
  readonly acknowledgedAt: number;
  /** The process of the writer; `undefined` if it died. */
  readonly node: number | undefined;
  readonly applied: boolean;
  /** Reads that start later, and are not answered from L1, must show this version or a newer one. */
  readonly due: number;
  /** The same for reads that may have been answered from L1. */
  readonly dueInL1: number;
}

export type NodeAcknowledgement = Acknowledgement & { readonly node: number };

export interface Settling {
  readonly states: readonly CommittedState[];
  readonly acknowledgements: readonly NodeAcknowledgement[];
  /** When each process could relay. */
  readonly reach: readonly (readonly Interval[])[];
  /** When the writers that were killed were dead; nobody acknowledged what they had committed. */
  readonly diedAt: number | undefined;
  readonly rules?: Rules;
}

/** Brings together what was committed and what was acknowledged, and says from when on each version must be seen. */
export function settleCommits({
  states,
  acknowledgements,
  reach,
  diedAt,
  rules = besideRedis,
}: Settling): readonly Commit[] {
  const told = new Map(acknowledgements.map((one) => [`${one.entity}@${one.version}`, one]));
  return states.map((state) => {
    const acknowledged = told.get(`${state.entity}@${state.version}`);
    if (acknowledged === undefined) return { ...state, ...unacknowledged(reach, diedAt, rules) };
    const { startedAt, acknowledgedAt, node } = acknowledged;
    const applied = acknowledged.invalidation === 'applied';
    const due = applied ? acknowledgedAt : relayedBy(reach, acknowledgedAt);
    const dueInL1 = applied ? due + bounds.heartbeat : due;
    return { ...state, startedAt, acknowledgedAt, node, applied, due, dueInL1 };
  });
}

function unacknowledged(
  reach: Settling['reach'],
  diedAt: number | undefined,
  { relayed }: Rules,
): Omit<Commit, keyof CommittedState> {
  const acknowledgedAt = diedAt ?? Number.POSITIVE_INFINITY;
  const due = relayed ? relayedBy(reach, acknowledgedAt) : acknowledgedAt;
  const dueInL1 = relayed ? due : due + bounds.heartbeat;
  const startedAt = Number.NEGATIVE_INFINITY;
  return { startedAt, acknowledgedAt, node: undefined, applied: !relayed, due, dueInL1 };
}

/** What existed before anybody played: everybody must see it. */
export const asBaseline = (state: CommittedState): Commit => ({
  ...state,
  startedAt: Number.NEGATIVE_INFINITY,
  acknowledgedAt: Number.NEGATIVE_INFINITY,
  node: undefined,
  applied: true,
  due: Number.NEGATIVE_INFINITY,
  dueInL1: Number.NEGATIVE_INFINITY,
});

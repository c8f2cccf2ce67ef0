import type { City, Recruiter, Slot } from '../../src/index.ts';
import type { EntityName, ListName, Sighting } from './history.ts';
import type { CommittedState } from './judge/commits.ts';

/** Rows under the names, and in the form, in which the processes of a run and its judge speak of them. */

export const recruiterName = (id: number): EntityName => `recruiter:${id}`;
export const cityName = (id: number): EntityName => `city:${id}`;
export const slotName = (id: number): EntityName => `slot:${id}`;

export const lists = {
  activeRecruiters: 'recruiters:active',
  allRecruiters: 'recruiters:all',
  recruitersOf: (cityId: number): ListName => `recruiters:city:${cityId}`,
  activeCities: 'cities:active',
  freeOfCity: (cityId: number): ListName => `free:city:${cityId}`,
  freeOfRecruiter: (recruiterId: number): ListName => `free:recruiter:${recruiterId}`,
} as const;

const text = (...parts: readonly unknown[]): string => parts.join(' | ');

export const recruiterSeen = ({ id, version, name, active, cityIds }: Recruiter): Sighting => ({
  entity: recruiterName(id),
  version,
  value: text(name, active, cityIds),
});

export const citySeen = ({ id, version, name, active }: City): Sighting => ({
  entity: cityName(id),
  version,
  value: text(name, active),
});

export const slotSeen = ({ id, version, status, recruiterId, cityId, purpose }: Slot): Sighting => ({
  entity: slotName(id),
  version,
  value: text(status, recruiterId, cityId, purpose),
});

/** A line of the ledger; bigint columns arrive as text, and as numbers inside JSON. */
export interface LedgerRow {
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  /** `null`: the row was deleted. */
  readonly content: unknown;
}

interface RecruiterContent {
  readonly name: string;
  readonly active: boolean;
  readonly cities: readonly number[];
}
interface CityContent {
  readonly name: string;
  readonly active: boolean;
}
interface SlotContent {
  readonly status: string;
  readonly recruiter_id: number;
  readonly city_id: number;
  readonly purpose: string;
}

type Described = Pick<CommittedState, 'value' | 'lists'>;

/** A version of a row as the ledger has it; its value is what the functions above make of the same row. */
export function stateOf({ kind, id, version, content }: LedgerRow): CommittedState {
  const entity = `${kind}:${id}`;
  if (content === null) return { entity, version, value: 'deleted', lists: [] };
  const { value, lists: others } = describe(kind, content);
  // Everything that exists is in the list of its own name.
  return { entity, version, value, lists: [entity, ...others] };
}

function describe(kind: string, content: unknown): Described {
  if (kind === 'recruiter') return describeRecruiter(content as RecruiterContent);
  if (kind === 'city') return describeCity(content as CityContent);
  return describeSlot(content as SlotContent);
}

const describeRecruiter = ({ name, active, cities }: RecruiterContent): Described => ({
  value: text(name, active, cities),
  lists: [
    lists.allRecruiters,
    ...(active ? [lists.activeRecruiters, ...cities.map((id) => lists.recruitersOf(id))] : []),
  ],
});

const describeCity = ({ name, active }: CityContent): Described => ({
  value: text(name, active),
  lists: active ? [lists.activeCities] : [],
});

const describeSlot = (slot: SlotContent): Described => ({
  value: text(slot.status, slot.recruiter_id, slot.city_id, slot.purpose),
  lists:
    slot.status === 'free' ? [lists.freeOfCity(slot.city_id), lists.freeOfRecruiter(slot.recruiter_id)] : [],
});

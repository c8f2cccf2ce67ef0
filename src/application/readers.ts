import type { Candidate } from '../domain/candidate/candidate.ts';
import type { CandidateReader } from '../domain/candidate/candidate-repository.ts';
import type { City } from '../domain/city/city.ts';
import type { CityReader } from '../domain/city/city-repository.ts';
import type { MessageTemplate } from '../domain/message-template/message-template.ts';
import type { MessageTemplateReader } from '../domain/message-template/message-template-repository.ts';
import type { Recruiter } from '../domain/recruiter/recruiter.ts';
import type { RecruiterReader } from '../domain/recruiter/recruiter-repository.ts';
import type {
  AnyId,
  CandidateId,
  CityId,
  IdInput,
  RecruiterId,
  SlotId,
  TemplateId,
} from '../domain/shared/id.ts';
import type { Slot } from '../domain/slot/slot.ts';
import type { SlotReader } from '../domain/slot/slot-repository.ts';

/** What the memory of this process holds at the moment. */
export interface Peek<Id extends AnyId, Entity> {
  /**
   * Answers at once and asks nobody; as old as an answer of the cache in this process can be. `undefined` when it is not
   * held, which says nothing about whether it exists, or when `id` is no id.
   */
  peek(id: IdInput<Id>): Entity | undefined;
}

/** Reads without a unit of work: the hot path of bots and APIs. */
export interface Readers {
  readonly recruiters: RecruiterReader & Peek<RecruiterId, Recruiter>;
  readonly cities: CityReader & Peek<CityId, City>;
  readonly slots: SlotReader & Peek<SlotId, Slot>;
  readonly candidates: CandidateReader & Peek<CandidateId, Candidate>;
  readonly templates: MessageTemplateReader & Peek<TemplateId, MessageTemplate>;
}

interface PlainReaders {
  readonly recruiters: RecruiterReader;
  readonly cities: CityReader;
  readonly slots: SlotReader;
  readonly candidates: CandidateReader;
  readonly templates: MessageTemplateReader;
}

/** Readers of a place that has no memory to peek into. They are given the method that says so. */
export const readersWithoutMemory = (readers: PlainReaders): Readers => ({
  recruiters: withoutMemory(readers.recruiters),
  cities: withoutMemory(readers.cities),
  slots: withoutMemory(readers.slots),
  candidates: withoutMemory(readers.candidates),
  templates: withoutMemory(readers.templates),
});

const withoutMemory = <Reader extends object>(reader: Reader) =>
  Object.assign(reader, { peek: () => undefined });

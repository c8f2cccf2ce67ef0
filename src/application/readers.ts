import type { CandidateReader } from '../domain/candidate/candidate-repository.ts';
import type { CityReader } from '../domain/city/city-repository.ts';
import type { RecruiterReader } from '../domain/recruiter/recruiter-repository.ts';
import type { SlotReader } from '../domain/slot/slot-repository.ts';

/** Reads without a unit of work: the hot path of bots and APIs. */
export interface Readers {
  readonly recruiters: RecruiterReader;
  readonly cities: CityReader;
  readonly slots: SlotReader;
  readonly candidates: CandidateReader;
}

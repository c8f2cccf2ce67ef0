import type { CacheControl } from '../../application/ports/cache-control.ts';
import type { RunTransaction, UnitOfWork, UnitOfWorkOptions } from '../../application/ports/unit-of-work.ts';
import type { CandidateReader } from '../../domain/candidate/candidate-repository.ts';
import type { CityReader } from '../../domain/city/city-repository.ts';
import type { MessageTemplateReader } from '../../domain/message-template/message-template-repository.ts';
import type { RecruiterReader } from '../../domain/recruiter/recruiter-repository.ts';
import type { SlotReader } from '../../domain/slot/slot-repository.ts';
import type { Validate } from '../../application/validation/validate.ts';
import type {
  BookingUseCases,
  CandidateUseCases,
  Slotwise,
  SlotUseCases,
  TemplateUseCases,
} from '../slotwise.ts';

declare const provides: unique symbol;

/** A container token that remembers what it stands for; two copies of the package agree on it. */
export type Token<T> = symbol & { readonly [provides]?: T };

const token = <T>(name: string): Token<T> => Symbol.for(`slotwise/${name}`);

/** What `registerSlotwise` makes available. */
export const tokens = {
  slotwise: token<Slotwise>('Slotwise'),
  recruiters: token<RecruiterReader>('RecruiterReader'),
  cities: token<CityReader>('CityReader'),
  slots: token<SlotReader>('SlotReader'),
  candidates: token<CandidateReader>('CandidateReader'),
  templates: token<MessageTemplateReader>('MessageTemplateReader'),
  slotUseCases: token<SlotUseCases>('SlotUseCases'),
  bookingUseCases: token<BookingUseCases>('BookingUseCases'),
  candidateUseCases: token<CandidateUseCases>('CandidateUseCases'),
  templateUseCases: token<TemplateUseCases>('TemplateUseCases'),
  validate: token<Validate>('Validate'),
  transaction: token<RunTransaction>('RunTransaction'),
  unitOfWork: token<(options?: UnitOfWorkOptions) => UnitOfWork>('UnitOfWorkFactory'),
  cache: token<CacheControl>('CacheControl'),
} as const;

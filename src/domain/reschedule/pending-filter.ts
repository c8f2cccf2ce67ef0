import { ok, Result } from 'neverthrow';
import {
  parseCandidateId,
  parseRecruiterId,
  type CandidateId,
  type IdInput,
  type RecruiterId,
} from '../shared/id.ts';
import { parseObject } from '../shared/input.ts';
import { invalid, type ValidationError } from '../shared/validation-error.ts';
import { bookingSides, type BookingSide } from './reschedule-state.ts';

/** Which pending requests are asked for; what is left out does not matter. */
export interface PendingFilter {
  readonly awaiting?: BookingSide;
  /** Whose slot it is that is left, or that is asked for. */
  readonly recruiterId?: IdInput<RecruiterId>;
  readonly candidateId?: IdInput<CandidateId>;
}

/** A validated {@link PendingFilter}. */
export interface ParsedPendingFilter {
  readonly awaiting: BookingSide | undefined;
  readonly recruiterId: RecruiterId | undefined;
  readonly candidateId: CandidateId | undefined;
}

export const parsePendingFilter = (
  filter: PendingFilter = {},
): Result<ParsedPendingFilter, ValidationError> =>
  parseObject(filter, 'filter')
    .andThen(({ awaiting, recruiterId, candidateId }) =>
      Result.combine([
        awaiting === undefined || bookingSides.includes(awaiting)
          ? ok(awaiting)
          : invalid('awaiting', `must be one of ${bookingSides.join(', ')}`),
        recruiterId === undefined ? ok(undefined) : parseRecruiterId(recruiterId),
        candidateId === undefined ? ok(undefined) : parseCandidateId(candidateId),
      ]),
    )
    .map(([awaiting, recruiterId, candidateId]) => ({ awaiting, recruiterId, candidateId }));

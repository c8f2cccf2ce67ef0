import { ok, Result } from 'neverthrow';
import type {
  ConstraintViolation,
  CorruptRecord,
  StillReferenced,
} from '../../../domain/shared/repository-error.ts';

export type Decode<T> = (row: unknown) => Result<T, CorruptRecord>;

export const decodeOptional =
  <T>(decode: Decode<T>) =>
  (row: unknown): Result<T | undefined, CorruptRecord> =>
    row === undefined ? ok(undefined) : decode(row);

/** The list may be kept in memory and handed to many callers, so nobody may change it. */
export const decodeAll =
  <T>(decode: Decode<T>) =>
  (rows: readonly unknown[]): Result<readonly T[], CorruptRecord> =>
    Result.combine(rows.map((row) => decode(row))).map((all) => Object.freeze(all));

/** Names the domain's error for a constraint; constraints that are not in the table stay what they are. */
export const onConstraint =
  <D>(errors: Readonly<Record<string, D>>) =>
  <E extends { readonly type: string }>(error: E | ConstraintViolation): D | E | ConstraintViolation =>
    isViolation(error) ? (errors[error.constraint] ?? error) : error;

/** A row that others point at cannot go. */
export const onReference =
  (entity: string, id: number) =>
  <E extends { readonly type: string }>(
    error: E | ConstraintViolation,
  ): E | ConstraintViolation | StillReferenced =>
    isViolation(error) && error.sqlState === '23503' ? { type: 'StillReferenced', entity, id } : error;

const isViolation = (error: { readonly type: string }): error is ConstraintViolation =>
  error.type === 'ConstraintViolation';

import type { Result } from 'neverthrow';
import type { BookingId } from '../../domain/shared/id.ts';
import type { CorruptRecord } from '../../domain/shared/repository-error.ts';
import type { ActionToken } from '../../domain/token/action-token.ts';
import { readRecord } from './record-reader.ts';

export const actionTokenFromRecord = (record: unknown): Result<ActionToken, CorruptRecord> =>
  readRecord('action token', record, (read) => ({
    id: read.integer('id'),
    action: read.text('action'),
    bookingId: read.optionalInteger('booking_id') as BookingId | undefined,
    data: read.json('data'),
    issuedAt: read.instant('issued_at'),
    expiresAt: read.instant('expires_at'),
    usedAt: read.optionalInstant('used_at'),
  }));

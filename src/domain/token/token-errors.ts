import type { Instant } from '../shared/instant.ts';

/** Nobody has issued this token, or it was swept up long after its time. */
export interface TokenNotFound {
  readonly type: 'TokenNotFound';
}

/** The token has done what it was for. */
export interface TokenUsed {
  readonly type: 'TokenUsed';
  readonly usedAt: Instant;
}

export interface TokenExpired {
  readonly type: 'TokenExpired';
  readonly expiredAt: Instant;
}

/** The token was issued for another action; it can still be redeemed for that. */
export interface TokenMismatch {
  readonly type: 'TokenMismatch';
  /** What it was meant to be redeemed for. */
  readonly action: string;
}

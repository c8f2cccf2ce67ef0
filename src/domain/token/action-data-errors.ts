import type { Instant } from '../shared/instant.ts';

/** The action does not fit in 64 bytes. */
export interface ActionTooLong {
  readonly type: 'ActionTooLong';
  /** How many bytes there would be, and may be. */
  readonly bytes: number;
  readonly limit: number;
}

/** The data was not made by `encodeAction` with this key, or is not for whom it is used by. */
export interface ActionTampered {
  readonly type: 'ActionTampered';
}

export interface ActionExpired {
  readonly type: 'ActionExpired';
  readonly expiredAt: Instant;
}

/** The data was signed by a key that is not there (any more). */
export interface UnknownActionKey {
  readonly type: 'UnknownActionKey';
  readonly keyId: number;
}

/** The key was given with another command, or with other input, before; nothing was done. */
export interface IdempotencyMismatch {
  readonly type: 'IdempotencyMismatch';
  readonly key: string;
  /** The command that the key belongs to. */
  readonly operation: string;
}

import { randomBytes } from 'node:crypto';
import { sha256 } from '../records/fingerprint.ts';

/** 256 bits: nobody guesses it, so a plain hash of it, without salt and stretching, gives nothing away. */
export const newTokenSecret = (): string => randomBytes(32).toString('base64url');

/** What is kept of a token; `undefined` for what cannot be one. */
export const tokenHash = (token: string): string | undefined =>
  typeof token === 'string' && /^[A-Za-z0-9_-]{43}$/.test(token) ? sha256(token) : undefined;

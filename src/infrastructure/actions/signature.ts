import { createHmac, timingSafeEqual } from 'node:crypto';
import type { ActionKey } from './action-keys.ts';

/**
 * HMAC-SHA-256 cut to 80 bits, the least that RFC 2104 §5 recommends. Whoever forges has to ask the bot for every guess,
 * so 2^80 of them is out of reach, and each byte more would be one less for what a button says.
 */
export const SIGNATURE_BYTES = 10;

/** Keeps these signatures apart from any other use of the same secret. */
const PURPOSE = 'slotwise.action\0';

/** @param boundTo who may use it; signed, but not carried along */
export const sign = (key: ActionKey, content: Uint8Array, boundTo: string): Buffer =>
  createHmac('sha256', key.secret)
    .update(PURPOSE)
    // The length keeps the end of one from counting as the start of the other.
    .update(`${content.length}\0`)
    .update(content)
    .update(boundTo)
    .digest()
    .subarray(0, SIGNATURE_BYTES);

/** Takes the same time wherever the first difference is. */
export const isSignedBy = (
  key: ActionKey,
  content: Uint8Array,
  boundTo: string,
  signature: Uint8Array,
): boolean => timingSafeEqual(sign(key, content, boundTo), signature);

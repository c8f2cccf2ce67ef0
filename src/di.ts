// tsyringe refuses to load without the metadata polyfill, so the polyfill comes first, and only here.
import 'reflect-metadata';

export { registerSlotwise, resolve } from './infrastructure/di/register-slotwise.ts';
export { tokens, type Token } from './infrastructure/di/tokens.ts';

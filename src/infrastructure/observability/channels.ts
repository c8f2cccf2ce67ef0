import { channel, type Channel } from 'node:diagnostics_channel';
import type { Instrumentation } from '../../application/ports/instrumentation.ts';

/**
 * The channels of `node:diagnostics_channel` on which every SDK of this process tells what happens, by the hook of
 * `Instrumentation` whose events they carry. The names are a part of the public contract.
 */
export const channelNames = {
  cacheRead: 'slotwise:cache-read',
  cacheLoad: 'slotwise:cache-load',
  statement: 'slotwise:statement',
  invalidation: 'slotwise:invalidation',
  breaker: 'slotwise:breaker',
  unitOfWork: 'slotwise:unit-of-work',
  useCase: 'slotwise:use-case',
} as const satisfies Readonly<Record<keyof Instrumentation, string>>;

/** Carries an `Activity` when a use case or a unit of work begins; what is heard of its end names the same one. */
export const activityChannelName = 'slotwise:activity';

/** Node keeps one channel for each name, whoever asks for it. */
export const channelOf = (hook: keyof Instrumentation): Channel => channel(channelNames[hook]);

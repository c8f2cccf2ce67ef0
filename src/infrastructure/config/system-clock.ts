import type { Clock } from '../../application/ports/clock.ts';
import { Instant } from '../../domain/shared/instant.ts';

/** The clock of the host's machine. */
export const systemClock: Clock = { now: () => Instant.fromEpochMilliseconds(Date.now()) };

import type { SlotId } from '../shared/id.ts';

/** Candidates have slots ahead of what was to be archived. */
export interface StillBooked {
  readonly type: 'StillBooked';
  readonly entity: 'recruiter' | 'city';
  readonly id: number;
  /** The slots, by start. */
  readonly slotIds: readonly SlotId[];
}

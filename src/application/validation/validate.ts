import type { Clock } from '../ports/clock.ts';
import type { Readers } from '../readers.ts';
import { validateFields, type ValidateFields } from './validate-fields.ts';
import { validatePeople, type ValidatePeople } from './validate-people.ts';
import { validateSlots, type ValidateSlots } from './validate-slots.ts';

/**
 * Checks for forms: they write nothing, lock nothing and read through the cache, so they are cheap enough for every key
 * press. What they answer may have changed by the time it is used; the use cases check for themselves.
 */
export interface Validate extends ValidateFields, ValidatePeople, ValidateSlots {}

export const validate = (read: Readers, clock: Clock): Validate => ({
  ...validateFields,
  ...validatePeople(read),
  ...validateSlots(read, clock),
});

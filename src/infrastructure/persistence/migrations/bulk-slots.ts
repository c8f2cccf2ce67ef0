import { Migration } from '@mikro-orm/migrations';
import type { MigrationClass } from './ddl.ts';

/**
 * Slots that are added without a booking are not checked for one when the transaction ends: there is no booking of a slot
 * that was not there, and one that comes later is checked itself. With many of them that was a fifth of the time.
 */
export const bulkSlotsMigration = (schema: string): MigrationClass =>
  class BulkSlots extends Migration {
    override up(): void {
      const s = `"${schema}"`;
      this.addSql(`drop trigger slot_booking_agree on ${s}.slot`);
      this.addSql(`create constraint trigger slot_booking_agree
        after update of status, candidate_id, current_booking_id, purpose on ${s}.slot
        deferrable initially deferred for each row execute function ${s}.slot_booking_agree()`);
      this.addSql(`create constraint trigger slot_booking_agree_when_added
        after insert on ${s}.slot deferrable initially deferred
        for each row when (new.current_booking_id is not null) execute function ${s}.slot_booking_agree()`);
    }
  };

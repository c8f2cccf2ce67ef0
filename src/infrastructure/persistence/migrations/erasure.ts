import { Migration } from '@mikro-orm/migrations';
import type { MigrationClass } from './ddl.ts';

/** A booking that has ended stays as it is, but that its outcome is recorded once, and what somebody wrote is forgotten. */
export const erasureMigration = (schema: string): MigrationClass =>
  class Erasure extends Migration {
    override up(): void {
      const s = `"${schema}"`;
      this.addSql(`drop trigger booking_history_is_final on ${s}.booking`);
      this.addSql(`create trigger booking_history_is_final before update on ${s}.booking for each row
        when (old.ended_at is not null and not (
          (old.outcome is null and new.outcome is not null and ${othersUnchanged('outcome')})
          or (old.end_reason is not null and new.end_reason is null and ${othersUnchanged('end_reason')})))
        execute function ${s}.booking_history_is_final()`);
    }
  };

const othersUnchanged = (column: string): string =>
  `to_jsonb(new) - array['${column}', 'version'] = to_jsonb(old) - array['${column}', 'version']`;

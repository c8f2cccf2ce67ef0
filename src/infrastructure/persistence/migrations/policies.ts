import { Migration } from '@mikro-orm/migrations';
import type { MigrationClass } from './ddl.ts';

/** Rules of bookings that a city, a recruiter or a slot has of its own. What a rule may be is the domain's to say. */
export const policiesMigration = (schema: string): MigrationClass =>
  class Policies extends Migration {
    override up(): void {
      for (const table of ['city', 'recruiter', 'slot'])
        this.addSql(
          `alter table "${schema}".${table} add column policy jsonb not null default '{}'
            constraint ${table}_policy_is_object check (jsonb_typeof(policy) = 'object')`,
        );
    }
  };

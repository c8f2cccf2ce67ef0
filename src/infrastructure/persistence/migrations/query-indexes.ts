import { Migration } from '@mikro-orm/migrations';
import type { MigrationClass } from './ddl.ts';

/**
 * For agendas, searches and counts. Each ends with what its pages are ordered by, so that a page is read from the index
 * where it begins, however long the list is.
 */
export const queryIndexesMigration = (schema: string): MigrationClass =>
  class QueryIndexes extends Migration {
    override up(): void {
      for (const statement of statements(`"${schema}"`)) this.addSql(statement);
    }
  };

const statements = (s: string): readonly string[] => [
  `create index slot_by_recruiter on ${s}.slot (recruiter_id, starts_at, id)`,
  `create index slot_by_city on ${s}.slot (city_id, starts_at, id)`,
  `create index slot_by_candidate on ${s}.slot (candidate_id, starts_at, id) where candidate_id is not null`,
  `create index slot_by_start on ${s}.slot (starts_at, id)`,
  // Of many slots most are past: what can be offered in all cities is the end of this one.
  `create index slot_open_by_start on ${s}.slot (starts_at) where status in ('free', 'pending')`,
  `create index booking_by_state on ${s}.booking (state, id)`,
];

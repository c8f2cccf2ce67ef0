import type { DoctorFinding } from '../../application/ports/diagnostics.ts';
import { well, type Check } from './check.ts';

interface Extension {
  readonly created: boolean;
  readonly available: boolean;
}

const statement = `select
  exists (select from pg_extension where extname = 'btree_gist') as created,
  exists (select from pg_available_extensions where name = 'btree_gist') as available`;

/** What keeps slots from overlapping stands on `btree_gist`. */
export const checkExtension: Check = ({ catalogue }) =>
  catalogue
    .rows<Extension>('extension', statement)
    .map((rows) => rows.map(({ created, available }) => (created ? present : missing(available))));

const present = well('extension', 'the extension btree_gist is there');

const missing = (available: boolean): DoctorFinding => ({
  check: 'extension',
  level: 'critical',
  message: 'the extension btree_gist is not in this database: nothing keeps slots from overlapping',
  remedy: available
    ? 'create extension btree_gist schema public; then restore the guards that went with it'
    : "install PostgreSQL's contrib package on the server",
});

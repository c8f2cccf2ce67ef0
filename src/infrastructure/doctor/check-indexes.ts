import type { DoctorFinding, IndexReport } from '../../application/ports/diagnostics.ts';
import { countForSpeed, isForSpeed } from '../persistence/catalogue/create-indexes.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { foundOr, well, type Check } from './check.ts';

/** Those that make reads fast; what also guards is looked at as a guard. */
export const checkIndexes: Check = ({ catalogue }) =>
  readIndexes(catalogue).map((indexes) =>
    foundOr(
      indexes
        .filter(({ name, state, declared }) => state !== 'present' && (isForSpeed(name) || !declared))
        .map((index) => findingOf(index, catalogue.schema)),
      well('indexes', `all ${countForSpeed} indexes that make reads fast are there`),
    ),
  );

const CREATE = '`slotwise indexes --create` builds it, and keeps nobody from reading or writing meanwhile';

const findingOf = ({ table, name, state, declared }: IndexReport, schema: string): DoctorFinding =>
  state === 'missing'
    ? {
        check: 'indexes',
        level: 'warning',
        message: `the index ${name} on "${schema}".${table} is missing`,
        remedy: CREATE,
      }
    : {
        check: 'indexes',
        level: 'warning',
        message: `the index ${name} on "${schema}".${table} is invalid: it costs writes and answers nothing`,
        remedy: declared ? CREATE : `drop index concurrently "${schema}"."${name}";`,
      };

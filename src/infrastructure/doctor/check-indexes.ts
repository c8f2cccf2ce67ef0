import type { DoctorFinding, IndexReport } from '../../application/ports/diagnostics.ts';
import { declaredObjects } from '../persistence/catalogue/declared-objects.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { foundOr, well, type Check } from './check.ts';

const forSpeed = new Set(Object.values(declaredObjects).flatMap(({ indexes = [] }) => indexes));

/** Those that make reads fast; what also guards is looked at as a guard. */
export const checkIndexes: Check = ({ catalogue }) =>
  readIndexes(catalogue).map((indexes) =>
    foundOr(
      indexes
        .filter(({ name, state, declared }) => state !== 'present' && (forSpeed.has(name) || !declared))
        .map((index) => findingOf(index, catalogue.schema)),
      well('indexes', `all ${forSpeed.size} indexes that make reads fast are there`),
    ),
  );

const findingOf = ({ table, name, state, declared }: IndexReport, schema: string): DoctorFinding =>
  state === 'missing'
    ? {
        check: 'indexes',
        level: 'warning',
        message: `the index ${name} on "${schema}".${table} is missing`,
        remedy:
          'create it concurrently, as a fresh schema has it (`slotwise migrate plan --schema fresh` prints its SQL)',
      }
    : {
        check: 'indexes',
        level: 'warning',
        message: `the index ${name} on "${schema}".${table} is invalid: it costs writes and answers nothing`,
        remedy: `${declared ? 'reindex' : 'drop'} index concurrently "${schema}"."${name}";`,
      };

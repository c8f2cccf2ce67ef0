import { declaredObjects } from '../persistence/catalogue/declared-objects.ts';
import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { foundOr, well, type Check } from './check.ts';
import { indexTroubles } from './index-troubles.ts';

const forSpeed = new Set(Object.values(declaredObjects).flatMap(({ indexes = [] }) => indexes));

/** Those that make reads fast; what also guards is looked at as a guard. */
export const checkIndexes: Check = ({ catalogue }) =>
  readIndexes(catalogue).map((indexes) =>
    foundOr(
      indexTroubles(indexes, catalogue.schema).map(({ message, remedy }) => ({
        check: 'indexes',
        level: 'warning',
        message,
        remedy,
      })),
      well('indexes', `all ${forSpeed.size} indexes that make reads fast are there`),
    ),
  );

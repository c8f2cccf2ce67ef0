import { readIndexes } from '../persistence/catalogue/indexes.ts';
import { foundOr, well, type Check } from './check.ts';
import { indexTroubles } from './index-troubles.ts';

/** Those that make reads fast; what also guards is looked at as a guard. */
export const checkIndexes: Check = ({ catalogue }) =>
  readIndexes(catalogue).map((indexes) => {
    const forSpeed = indexes.filter(({ declared, guards }) => declared && !guards);
    return foundOr(
      indexTroubles(indexes, catalogue.schema).map(({ message, remedy }) => ({
        check: 'indexes',
        level: 'warning',
        message,
        remedy,
      })),
      well('indexes', `all ${forSpeed.length} indexes that make reads fast are there`),
    );
  });

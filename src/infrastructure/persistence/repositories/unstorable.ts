import type { RefusedItem } from '../../../domain/shared/bulk.ts';
import type { StaleVersion } from '../../../domain/shared/repository-error.ts';

interface Versioned<Id> {
  readonly id: Id;
  readonly version: number;
}

/** How errors speak of an entity. */
interface Named<Id, Missing> {
  readonly entity: string;
  readonly notFound: (id: Id) => Missing;
}

/** Changed rows that are not there, or not as they were when they were read. */
export const unstorable = <Id extends number, Missing>(
  changed: readonly Versioned<Id>[],
  storedAs: (id: Id) => Versioned<Id> | undefined,
  { entity, notFound }: Named<Id, Missing>,
): readonly RefusedItem<Missing | StaleVersion>[] =>
  changed.flatMap(({ id, version }, index): readonly RefusedItem<Missing | StaleVersion>[] => {
    const stored = storedAs(id);
    if (stored === undefined) return [{ index, error: notFound(id) }];
    if (stored.version === version) return [];
    return [
      { index, error: { type: 'StaleVersion', entity, id, expected: version, actual: stored.version } },
    ];
  });

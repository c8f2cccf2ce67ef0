import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Database } from './database.ts';
import type { Session } from './session.ts';

interface Place {
  readonly database: Database;
  readonly session: Session;
}

const places = new WeakMap<UnitOfWork, Place>();

/** Lets statements of the host's own run on the transaction of a unit of work it names. */
export const declareSession = (uow: UnitOfWork, place: Place): void => void places.set(uow, place);

/** Throws a `TypeError` when it is no unit of work of this SDK: its transaction is somewhere else, or nowhere. */
export function sessionOf(uow: UnitOfWork, database: Database): Session {
  const place = places.get(uow);
  if (place?.database === database) return place.session;
  throw new TypeError('rows are read and written in a unit of work of the SDK that gave them');
}

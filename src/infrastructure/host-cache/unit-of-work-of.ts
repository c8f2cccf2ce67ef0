import type { UnitOfWork } from '../../application/ports/unit-of-work.ts';
import type { Call } from './call.ts';

/**
 * The unit of work a call takes part in: an argument, the `uow` of an argument as the SDK's use cases take it, or the
 * `uow` of the object it is made on.
 */
export const unitOfWorkOf = ({ self, args }: Call): UnitOfWork | undefined =>
  [...args.flatMap((arg) => [arg, uowIn(arg)]), uowIn(self)].find(isUnitOfWork);

const uowIn = (holder: unknown): unknown =>
  typeof holder === 'object' && holder !== null ? (holder as { readonly uow?: unknown }).uow : undefined;

const isUnitOfWork = (value: unknown): value is UnitOfWork =>
  typeof value === 'object' &&
  value !== null &&
  ['commit', 'rollback', 'savepoint', 'invalidate'].every(
    (method) => typeof (value as Readonly<Record<string, unknown>>)[method] === 'function',
  );

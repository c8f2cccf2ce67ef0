import type { Instant } from '../../domain/shared/instant.ts';
import {
  pageById,
  pageByStart,
  type IdPosition,
  type Page,
  type Position,
  type StartPosition,
} from '../../domain/shared/page.ts';
import { byId, byStart } from './order.ts';

/** A page of all rows that a list has, by ascending id. */
export const cutById = <T extends { readonly id: number }>(
  all: readonly T[],
  position: IdPosition,
): Page<T> =>
  pageById(
    window(all.filter(({ id }) => id > position.afterId).toSorted(byId), position),
    position,
    totalOf(all, position),
  );

/** The same by start. */
export function cutByStart<T extends { readonly id: number; readonly startsAt: Instant }>(
  all: readonly T[],
  position: StartPosition,
): Page<T> {
  const { after } = position;
  const following = after === undefined ? all : all.filter((row) => byStart(row, after) > 0);
  return pageByStart(window(following.toSorted(byStart), position), position, totalOf(all, position));
}

const window = <T>(rows: readonly T[], { skip, limit }: Position): readonly T[] =>
  rows.slice(skip, skip + limit + 1);

const totalOf = (all: readonly unknown[], { total }: Position): number | undefined =>
  total === true ? all.length : undefined;

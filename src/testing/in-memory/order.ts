import type { Instant } from '../../domain/shared/instant.ts';

interface Identified {
  readonly id: number;
}

export const byId = (a: Identified, b: Identified): number => a.id - b.id;

export const byName = (
  a: Identified & { readonly name: string },
  b: Identified & { readonly name: string },
): number => (a.name === b.name ? a.id - b.id : a.name < b.name ? -1 : 1);

export const byStart = (
  a: Identified & { readonly startsAt: Instant },
  b: Identified & { readonly startsAt: Instant },
): number => a.startsAt.epochMilliseconds - b.startsAt.epochMilliseconds || a.id - b.id;

import { ok, type Result } from 'neverthrow';
import { invalid, type ValidationError } from './validation-error.ts';

export const actorKinds = ['candidate', 'recruiter', 'admin', 'system'] as const;
export type ActorKind = (typeof actorKinds)[number];

/** Who gives a command. A candidate or recruiter is named by id, so that ownership can be checked. */
export interface Actor {
  readonly kind: ActorKind;
  readonly id?: number;
}

/** The actor may not give this command on this object. */
export interface Forbidden {
  readonly type: 'Forbidden';
  readonly command: string;
  readonly actor: Actor;
}

export const forbidden = (command: string, actor: Actor): Forbidden => ({
  type: 'Forbidden',
  command,
  actor,
});

/** Answers a copy: a caller who changes its object afterwards must not change who it was. */
export function parseActor(input: Actor): Result<Actor, ValidationError> {
  const { kind, id }: Partial<Actor> = input ?? {};
  if (kind === undefined || !actorKinds.includes(kind))
    return invalid('actor.kind', `must be one of ${actorKinds.join(', ')}`);
  const needsId = kind === 'candidate' || kind === 'recruiter';
  if (id === undefined ? needsId : !Number.isSafeInteger(id) || id <= 0)
    return invalid('actor.id', 'must be a positive integer');
  return ok(Object.freeze(id === undefined ? { kind } : { kind, id }));
}

/** Whether the actor may do what belongs to nobody in particular. */
export const standsAbove = ({ kind }: Actor): boolean => kind === 'admin' || kind === 'system';

/** Whether the actor is the one with this id, or stands above all (`admin`, `system`). */
export const actsFor = (actor: Actor, kind: 'candidate' | 'recruiter', id: number): boolean =>
  standsAbove(actor) || (actor.kind === kind && actor.id === id);

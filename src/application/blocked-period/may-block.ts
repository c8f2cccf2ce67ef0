import { err, ok, type Result } from 'neverthrow';
import { actsFor, forbidden, type Actor, type Forbidden } from '../../domain/shared/actor.ts';
import type { RecruiterId } from '../../domain/shared/id.ts';

/** A recruiter blocks its own time; what concerns others is for those above. */
export function mayBlock(
  actor: Actor,
  command: 'block' | 'unblock',
  recruiterId: RecruiterId | undefined,
): Result<void, Forbidden> {
  const above = actor.kind === 'admin' || actor.kind === 'system';
  const allowed = recruiterId === undefined ? above : actsFor(actor, 'recruiter', recruiterId);
  return allowed ? ok() : err(forbidden(command, actor));
}

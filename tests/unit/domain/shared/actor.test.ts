import { describe, expect, it } from 'vitest';
import {
  actsFor,
  actorKinds,
  forbidden,
  parseActor,
  type Actor,
} from '../../../../src/domain/shared/actor.ts';

describe('an actor', () => {
  it.each(actorKinds)('%s is one when it has an id', (kind) => {
    expect(parseActor({ kind, id: 7 })._unsafeUnwrap()).toEqual({ kind, id: 7 });
  });

  it('needs an id only where ownership can be checked', () => {
    expect(actorKinds.filter((kind) => parseActor({ kind }).isOk())).toEqual(['admin', 'system']);
    expect(parseActor({ kind: 'candidate' })._unsafeUnwrapErr().field).toBe('actor.id');
  });

  it.each([0, -1, 1.5, Number.NaN, '7', null])('is refused with the id %s', (id) => {
    for (const kind of actorKinds)
      expect(parseActor({ kind, id: id as number })._unsafeUnwrapErr().field).toBe('actor.id');
  });

  it.each([{ kind: 'owner' }, { kind: '' }, {}, null, undefined, 'admin', { kind: '__proto__' }])(
    'is not %j',
    (actor) => {
      expect(parseActor(actor as unknown as Actor)._unsafeUnwrapErr().field).toBe('actor.kind');
    },
  );

  it('is a copy that nobody can change afterwards', () => {
    const input = { kind: 'candidate' as const, id: 7, secret: 'x' };
    const actor = parseActor(input)._unsafeUnwrap();
    input.id = 8;
    expect(actor).toEqual({ kind: 'candidate', id: 7 });
    expect(Object.isFrozen(actor)).toBe(true);
    expect(parseActor({ kind: 'admin' })._unsafeUnwrap()).toStrictEqual({ kind: 'admin' });
  });

  it('acts for itself, and above all as admin or system', () => {
    expect(actsFor({ kind: 'candidate', id: 1 }, 'candidate', 1)).toBe(true);
    expect(actsFor({ kind: 'candidate', id: 1 }, 'candidate', 2)).toBe(false);
    expect(actsFor({ kind: 'candidate', id: 1 }, 'recruiter', 1)).toBe(false);
    expect(actsFor({ kind: 'admin' }, 'recruiter', 1)).toBe(true);
    expect(actsFor({ kind: 'system' }, 'candidate', 1)).toBe(true);
  });

  it('is told what it may not do', () => {
    const actor: Actor = { kind: 'candidate', id: 1 };
    expect(forbidden('approve', actor)).toEqual({ type: 'Forbidden', command: 'approve', actor });
  });
});

import { describe, expect, it } from 'vitest';
import { ConnectionTimeout } from '../../../src/infrastructure/persistence/error-mapping.ts';
import { replicaFault } from '../../../src/infrastructure/persistence/replicas/replica-fault.ts';

const withState = (code: string): Error => Object.assign(new Error(code), { code });

describe('a statement that failed on a replica', () => {
  it.each([
    ['a connection that broke', new Error('Connection terminated unexpectedly')],
    ['a refused connection', withState('ECONNREFUSED')],
    ['a shutdown', withState('57P01')],
    ['a server that starts', withState('57P03')],
    ['no room for a connection', withState('53300')],
  ])('blames the replica for %s', (_what, cause) => {
    expect(replicaFault(cause)).toBe('replica');
  });

  it.each([
    ['no connection became free', new ConnectionTimeout()],
    ['replay needed what it read', withState('40001')],
    ['replay stood in its way', withState('40P01')],
    ['a table may not have been replayed yet', withState('42P01')],
    ['a column may not have been replayed yet', withState('42703')],
    ['a schema may not have been replayed yet', withState('3F000')],
  ])('blames nobody when %s', (_what, cause) => {
    expect(replicaFault(cause)).toBe('moment');
  });

  it.each([
    ['took too long', withState('57014')],
    ['would have written', withState('25006')],
    ['makes no sense', withState('42601')],
    ['divides by zero', withState('22012')],
  ])('is itself to blame when it %s', (_what, cause) => {
    expect(replicaFault(cause)).toBe('statement');
  });
});

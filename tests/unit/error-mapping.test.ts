import { describe, expect, it } from 'vitest';
import {
  connectionBroke,
  ConnectionTimeout,
  toStatementFailure,
} from '../../src/infrastructure/persistence/error-mapping.ts';

const driverError = (code: string, constraint?: string): Error =>
  Object.assign(new Error('as the driver says it'), { code, constraint });

describe('translating what a driver throws', () => {
  it.each(['23505', '23P01', '23503', '23514'])('names the constraint of a %s', (code) => {
    expect(toStatementFailure('slots.add', driverError(code, 'a_guard'))).toEqual({
      type: 'ConstraintViolation',
      operation: 'slots.add',
      constraint: 'a_guard',
      sqlState: code,
    });
  });

  it('says which key was in the way, in whatever language the server speaks', () => {
    const detail = 'Schlüssel (city_id)=(99) ist nicht in Tabelle »city« vorhanden.';
    const cause = Object.assign(driverError('23503', 'a_reference'), { detail });
    expect(toStatementFailure('x', cause)).toMatchObject({ constraint: 'a_reference', key: '99' });
  });

  it.each([
    ['57014', 'statement'],
    ['55P03', 'lock'],
  ])('calls a %s a timeout of the %s', (code, waitedFor) => {
    expect(toStatementFailure('x', driverError(code))).toMatchObject({
      type: 'Timeout',
      waitedFor,
      retryable: true,
    });
  });

  it('calls a connection that did not become free a timeout of the connection', () => {
    const expected = { type: 'Timeout', waitedFor: 'connection', retryable: true };
    expect(toStatementFailure('x', new ConnectionTimeout())).toMatchObject(expected);
    expect(toStatementFailure('x', new Error('timeout exceeded when trying to connect'))).toMatchObject(
      expected,
    );
  });

  it.each(['25P03', '40001', '40P01', '08006', '57P01', '53300'])(
    'says that a %s may succeed when it is tried again',
    (code) => {
      expect(toStatementFailure('x', driverError(code))).toMatchObject({
        type: 'Database',
        sqlState: code,
        retryable: true,
      });
    },
  );

  it('says what to do about too many connections', () => {
    const { message } = toStatementFailure('x', driverError('53300')) as { readonly message: string };
    expect(message).toMatch(/^as the driver says it; .*max_connections/);
  });

  it.each(['42703', '22001', '25P02'])('says that a %s will not', (code) => {
    expect(toStatementFailure('x', driverError(code))).toMatchObject({ type: 'Database', retryable: false });
  });

  it.each([
    ['read', 'ECONNRESET'],
    ['write', 'EPIPE'],
  ])('takes an error without a state for a broken connection: %s %s', (call, code) => {
    const reset = Object.assign(new Error(`${call} ${code}`), { code });
    const failure = toStatementFailure('x', reset);
    expect(failure).toMatchObject({ type: 'Database', retryable: true, cause: reset });
    expect(failure).not.toHaveProperty('sqlState');
  });

  it.each([undefined, null, 'text', 42])('survives %j', (thrown) => {
    expect(toStatementFailure('x', thrown)).toMatchObject({ type: 'Database' });
  });
});

describe('a connection that broke', () => {
  it.each([
    driverError('57P01'),
    driverError('57P02'),
    driverError('25P03'),
    Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' }),
    Object.assign(new Error('write EPIPE'), { code: 'EPIPE' }),
    new Error('Connection terminated unexpectedly'),
    new Error('Client has encountered a connection error and is not queryable'),
  ])('is told by %s', (cause) => {
    expect(connectionBroke(cause)).toBe(true);
  });

  it.each([
    driverError('57P03'),
    driverError('53300'),
    driverError('42703'),
    Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' }),
    new Error('Connection terminated due to connection timeout'),
    new ConnectionTimeout(),
    new TypeError('rows is not iterable'),
    undefined,
  ])('is not told by %s', (cause) => {
    expect(connectionBroke(cause)).toBe(false);
  });
});

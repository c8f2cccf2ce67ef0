import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../../src/infrastructure/observability/statements/shape-of.ts';

describe('the shape of a statement', () => {
  it.each([
    ['select "a" from "t" where "id" = $1', 'select "a" from "t" where "id" = ?'],
    ['select 1 where "id" in ($1, $2, $3)', 'select ? where "id" in (?, …)'],
    ['select 1 where "id" in ($1,\n  $2)', 'select ? where "id" in (?, …)'],
    ['insert into t values ($1, $2), ($3, $4), ($5, $6)', 'insert into t values (?, …), …'],
    ['insert into t values ($1), ($2)', 'insert into t values (?), …'],
  ])('is the same for every number of values: %s', (sql, shape) => {
    expect(shapeOf(sql)).toBe(shape);
  });

  it.each([
    [`select 'it''s ann@example.org'`, 'select ?'],
    [String.raw`select e'it\'s' || E'b'`, 'select ? || ?'],
    ['select $$a secret$$, $tag1$ $$ $tag1$', 'select ?, …'],
    ['select 1e5 + 0x1F * 12.', 'select ? + ? * ?'],
    [
      'select * from t where phone = 491701234567 and pay > 12.5',
      'select * from t where phone = ? and pay > ?',
    ],
    [`select 1 -- 'secret\n, 2 /* 'secret' */`, 'select ? , ?'],
  ])('has no constants and no comments: %s', (sql, shape) => {
    expect(shapeOf(sql)).toBe(shape);
  });

  it('leaves names as they are, with digits and quotes in them', () => {
    const sql = `select "it's 1", t1.col2 from "schema_3"."t$4"`;
    expect(shapeOf(sql)).toBe(sql);
  });

  it('has a limit', () => {
    const shape = shapeOf(
      `select ${Array.from({ length: 500 }, (_, index) => `"column_${index}"`).join(', ')}`,
    );
    expect(shape).toHaveLength(2000);
    expect(shape.endsWith('…')).toBe(true);
  });
});

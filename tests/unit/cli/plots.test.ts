import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bars } from '../../../src/cli/report/bars.ts';
import { lines } from '../../../src/cli/report/lines.ts';
import { Markup, markup } from '../../../src/cli/report/markup.ts';
import { countTicks, durationTicks, shareTicks } from '../../../src/cli/report/ticks.ts';

const frame = { id: 'x', title: 'X', description: 'what is seen', width: 500 };

describe('the ticks of an axis', () => {
  it('are round, few, and reach the largest value', () => {
    for (const ticksOf of [countTicks, durationTicks])
      fc.assert(
        fc.property(fc.nat({ max: 2 ** 31 - 1 }), (max) => {
          const ticks = ticksOf(max);
          expect(ticks[0]).toBe(0);
          expect(ticks.at(-1)).toBeGreaterThanOrEqual(max);
          expect(ticks.length).toBeGreaterThan(1);
          expect(ticks.length).toBeLessThan(7);
          expect(ticks.every(Number.isInteger)).toBe(true);
        }),
      );
    expect(countTicks(30)).toEqual([0, 10, 20, 30]);
    expect(durationTicks(100 * 60_000)).toEqual([0, 30, 60, 90, 120].map((minutes) => minutes * 60_000));
  });
});

describe('plots', () => {
  it('stand parts of a bar on each other, and leave out what is 0', () => {
    const { html } = bars({
      ...frame,
      labels: ['Mon', 'Tue'],
      parts: [
        { label: 'came', className: 'a', values: [2, 0] },
        { label: 'did not', className: 'b', values: [2, 4] },
      ],
    });
    const heights = [...html.matchAll(/<rect class="(\w)"[^>]* y="([\d.]+)"[^>]* height="([\d.]+)"/g)].map(
      ([, part, y, height]) => [part, Number(y), Number(height)],
    );
    expect(heights).toEqual([
      ['a', 117, 105],
      ['b', 12, 105],
      ['b', 12, 210],
    ]);
    expect(html).toContain('<title>Tue: 4 did not</title>');
  });

  it('interrupt a line where there is no value, and never draw what is no number', () => {
    const values = [0.5, 1, undefined, 0.25, undefined, 0, 0];
    const { html } = lines({
      ...frame,
      labels: values.map(String),
      ticks: shareTicks,
      tick: String,
      lines: [{ label: 'used', className: 'a', values }],
    });
    expect(html.match(/<polyline/g)).toHaveLength(2);
    expect(html.match(/<circle/g)).toHaveLength(5);
    expect(html).not.toMatch(/NaN|undefined"|Infinity/);
  });

  it('are drawn also where there is nothing to draw', () => {
    for (const { html } of [
      bars({ ...frame, labels: [], parts: [] }),
      lines({ ...frame, labels: [], ticks: durationTicks(0), tick: String, lines: [] }),
    ])
      expect(html).not.toMatch(/NaN|Infinity/);
  });
});

describe('markup', () => {
  it('takes everything for text that is not markup', () => {
    const name = `<script>alert("O'Hara & co")</script>`;
    expect(markup`<b title="${name}">${new Markup('<i>x</i>')}${[markup`${1}`]}</b>`.html).toBe(
      '<b title="&lt;script&gt;alert(&quot;O&#39;Hara &amp; co&quot;)&lt;/script&gt;"><i>x</i>1</b>',
    );
  });
});

import { expect, test } from 'vitest';
import { barPlot, sparkline } from './plot.ts';

test('a line of bars is as high as its largest value, and shows whatever is above 0', () => {
  expect(sparkline([0, 1, 4, 8, -3, 0.001])).toBe(' ▁▄█ ▁');
  expect(sparkline([4], 8)).toBe('▄');
  expect([sparkline([]), sparkline([0, 0])]).toEqual(['', '  ']);
});

test('a plot has its largest value and its ends on the axes', () => {
  const plot = barPlot([0, 4, 8, 1, 0, 0, 2, 0, 0, 3], { height: 2, ends: ['from', 'to'], show: (n) => `${n}.0` });
  expect(plot.split('\n')).toEqual(['  8.0 ┤  █', '      │ ██▂  ▄  ▆', '    0 └──────────', '       from    to', '']);
  expect(barPlot([0], { height: 1, ends: ['a', 'b'], show: String })).toContain('0 ┤');
});

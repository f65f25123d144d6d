import { expect, it } from 'vitest';
import { codesOf, type InteractionColumn } from './interaction-columns.ts';

const columns: InteractionColumn[] = [
  { name: 'DEVICE', kind: 'categorical', values: ['phone', 'TV'] },
  { name: 'HOUR', kind: 'numeric', bounds: [6, 12, 18] },
];
const codes = (values: Record<string, string>) => [...codesOf(columns, values)];

it('takes names in any case, values as they are', () => {
  expect(codes({ DEVICE: 'TV', HOUR: '12' })).toEqual([2, 3]);
  expect(codes({ device: 'tv', hour: ' 5.5e0 ' })).toEqual([0, 1]);
});

it('gives 0 for what is missing, unknown or no number, and leaves other names aside', () => {
  expect(codes({})).toEqual([0, 0]);
  expect(codes({ DEVICE: 'radio', HOUR: 'noon', WEATHER: 'rain' })).toEqual([0, 0]);
  for (const hour of ['', ' ', 'NaN', 'Infinity', '0x10', '0b1', '1e999'])
    expect(codes({ HOUR: hour })).toEqual([0, 0]);
});

it('does not take names that every object has for columns', () => {
  expect([...codesOf([{ name: 'constructor', kind: 'categorical', values: ['x'] }], {})]).toEqual([0]);
});

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { History } from './histories.ts';
import { codesOf, type InteractionColumn } from './interaction-columns.ts';
import { withRecent } from './recent-history.ts';

const columns: readonly InteractionColumn[] = [
  { name: 'EVENT_TYPE', kind: 'categorical', values: ['watch', 'click'] },
  { name: 'SECONDS', kind: 'numeric', bounds: [10, 20] },
];
const catalogue = ['a', 'b', 'c', 'd'];
const time = fc.integer({ min: 0, max: 5 });
const byTime = <Event extends { readonly time: number }>(events: readonly Event[]) =>
  events.toSorted((one, other) => one.time - other.time);
const known = fc.array(
  fc.record({ item: fc.nat(3), time, codes: fc.tuple(fc.nat(2), fc.nat(3)).map(([a, b]) => [a, b]) }),
);
const recent = fc.array(
  fc.record({
    id: fc.constantFrom(...catalogue, 'new'),
    time,
    type: fc.constantFrom('', 'watch', 'click', 'never seen'),
    seconds: fc.constantFrom('', '9.5', '10', '1e3'),
  }),
);

const historyOf = (events: readonly { item: number; time: number; codes: readonly number[] }[]): History => ({
  user: 7,
  items: Uint32Array.from(events, ({ item }) => item),
  timestamps: Float64Array.from(events, (event) => event.time),
  codes: columns.map((_, column) => Uint8Array.from(events, ({ codes }) => codes[column])),
});

it('puts recent events on known items into the history by time, in the codes of the training', () => {
  fc.assert(
    fc.property(known.map(byTime), recent.map(byTime), (before, after) => {
      const told = {
        items: after.map(({ id }) => id),
        timestamps: Float64Array.from(after, (event) => event.time),
        columns: new Map([
          ['EVENT_TYPE', after.map(({ type }): string => type)],
          ['SECONDS', after.map(({ seconds }): string => seconds)],
        ]),
      };
      const coded = after
        .filter(({ id }) => catalogue.includes(id))
        .map(({ id, time: at, type, seconds }) => ({
          item: catalogue.indexOf(id),
          time: at,
          codes: [...codesOf(columns, { EVENT_TYPE: type, SECONDS: seconds })],
        }));
      const history = withRecent(historyOf(before), told, (id) => catalogue.indexOf(id), columns);
      expect(history).toEqual(historyOf(byTime([...before, ...coded])));
    }),
  );
});

it('counts a column that events do not have as missing', () => {
  const told = { items: ['b'], timestamps: Float64Array.of(3), columns: new Map() };
  const { codes } = withRecent(historyOf([]), told, (id) => catalogue.indexOf(id), columns);
  expect(codes).toEqual([Uint8Array.of(0), Uint8Array.of(0)]);
});

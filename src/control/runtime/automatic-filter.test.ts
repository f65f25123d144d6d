import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readFilter } from '../../serve/filters/checker.ts';
import { keptRows } from '../../serve/filters/evaluate.reference.ts';
import { eventType, filter, group, placeholderValues } from '../../serve/filters/filter.arbitrary.ts';
import { needsOf } from '../../serve/filters/needs.ts';
import { plainRow } from '../../serve/filters/rows.arbitrary.ts';
import { automaticClause, withAutomaticFilter } from './automatic-filter.ts';

const schemas = {
  INTERACTIONS: { fields: [{ name: 'EVENT_TYPE', type: 'string', categorical: false, textual: false }] },
} as const;

it.each(['Purchase', 'Watch'] as const)('is the filter that it is shown as: %s', (type) => {
  const { filter: automatic, needs } = withAutomaticFilter(type, undefined);
  expect(readFilter(automaticClause(type), schemas)).toEqual(automatic);
  expect(needs).toMatchObject({ userId: true, eventTypes: new Set([type.toLowerCase()]) });
});

const scenario = group.chain((some) =>
  filter(some).chain((tree) =>
    fc.record({
      tree: fc.constant(tree),
      values: placeholderValues(tree),
      rows: fc.array(plainRow(some.items), { maxLength: 20, size: 'max' }),
      user: fc.option(plainRow(some.users), { nil: undefined }),
      current: fc.option(fc.nat(19), { nil: undefined }),
      events: fc.array(
        fc.record({ type: fc.oneof(eventType, fc.constantFrom('Watch', 'WATCH', 'watch')), row: fc.nat(19) }),
        { maxLength: 20, size: 'max' },
      ),
    }),
  ),
);

it('leaves out of what any filter lets pass what was watched, and nothing else', () => {
  let leftOut = 0;
  fc.assert(
    fc.property(scenario, ({ tree, values, rows, user, current, ...given }) => {
      if (tree.subject !== 'ItemID') return;
      const events = given.events.filter(({ row }) => row < rows.length);
      const data = { rows, events, user, currentItem: current === undefined ? undefined : rows[current] };
      const both = withAutomaticFilter('Watch', { key: 'own', filter: tree, needs: needsOf(tree) });
      const own = keptRows(tree, values, data);
      const watched = (row: number) => events.some((one) => one.row === row && one.type.toLowerCase() === 'watch');
      const expected = own.map((isKept, row) => isKept && !watched(row));
      expect(keptRows(both.filter, values, data)).toEqual(expected);
      expect([...both.needs.columns.keys()]).toEqual(expect.arrayContaining([...needsOf(tree).columns.keys()]));
      leftOut += own.filter((isKept, row) => isKept && watched(row)).length;
    }),
    { numRuns: 500 },
  );
  expect(leftOut).toBeGreaterThan(10);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eventTypeKey } from '../../data/records/action-event-types.ts';
import { AttributeTable } from '../../data/views/attributes/attribute-table.ts';
import { keptRows, type PlainRow } from '../filters/evaluate.reference.ts';
import { eventType, filter, group, placeholderValues, type RandomGroup } from '../filters/filter.arbitrary.ts';
import type { ActionFilter } from '../filters/filter.ts';
import { needsOf } from '../filters/needs.ts';
import { encoded, plainRow } from '../filters/rows.arbitrary.ts';
import { Eligibility } from './eligibility.ts';
import { PlainAttributes, PlainEvents } from './plain-attributes.fixture.ts';

/** Some have records; of the others nothing is said. */
const ids = Array.from({ length: 20 }, (_, n) => `action-${n}`);
const id = fc.nat(ids.length - 1);

const actionFilter = (some: RandomGroup): fc.Arbitrary<ActionFilter> =>
  filter(some)
    .filter((tree) => tree.subject === 'ActionID')
    .map((tree) => tree);

/** Records have no empty texts: these are missing. */
const withoutEmptyTexts = (row: PlainRow): PlainRow =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === '' ? null : cell]));

const change = (row: fc.Arbitrary<PlainRow>) =>
  fc.oneof(
    fc.record({ kind: fc.constant('record' as const), action: id, row }),
    fc.record({ kind: fc.constant('event' as const), action: id, type: eventType }),
  );

const scenario = group
  .chain((some) => fc.tuple(fc.constant(some), actionFilter(some)))
  .chain(([some, tree]) =>
    fc.record({
      columns: fc.constant(some.actions.map((column) => ({ categorical: false, ...column }))),
      userColumns: fc.constant(some.users),
      tree: fc.constant(tree),
      values: placeholderValues(tree),
      user: fc.option(plainRow(some.users), { nil: undefined }),
      changes: fc.array(change(plainRow(some.actions)), { minLength: 1, maxLength: 12 }),
    }),
  );

test('lets pass the actions that the plain meaning of the filter keeps, while data changes', () => {
  fc.assert(
    fc.property(scenario, ({ columns, userColumns, tree, values, user, changes }) => {
      const actions = new AttributeTable({ idColumn: 'ACTION_ID', fields: columns });
      const users = new PlainAttributes(userColumns);
      if (user) users.put('somebody', user);
      const events = new PlainEvents('somebody');
      const eligibility = new Eligibility({ items: () => Promise.reject(new Error('no model is asked')) });
      const plain = new Map<string, PlainRow>();
      const happened: { readonly type: string; readonly row: number }[] = [];
      for (const each of changes) {
        if (each.kind === 'record') {
          actions.put(ids[each.action], (column) => String(each.row[column] ?? ''));
          plain.set(ids[each.action], withoutEmptyTexts(each.row));
        } else {
          events.add(eventTypeKey('ACTION_INTERACTIONS', each.type), ids[each.action]);
          happened.push({ type: each.type, row: each.action });
        }
        const allows = eligibility.ofActions({
          filter: { key: 'only one', filter: tree, needs: needsOf(tree) },
          values: encoded(values),
          actions,
          users,
          events,
          userId: 'somebody',
        });
        const rows = ids.map((one) => plain.get(one) ?? {});
        expect(ids.map(allows)).toEqual(
          keptRows(tree, values, { rows, events: happened, user, currentItem: undefined }),
        );
      }
    }),
    { numRuns: 300 },
  );
});

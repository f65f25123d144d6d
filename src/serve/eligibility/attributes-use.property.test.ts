import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeTable } from '../../data/views/attributes/attribute-table.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import type { PlainRow } from '../filters/evaluate.reference.ts';
import { filter, group, placeholderValues, type RandomGroup } from '../filters/filter.arbitrary.ts';
import type { ItemFilter } from '../filters/filter.ts';
import { encoded, plainRow } from '../filters/rows.arbitrary.ts';
import { AttributesUse } from './attributes-use.ts';

const ids = Array.from({ length: 200 }, (_, n) => `item-${n}`);
const id = fc.nat(ids.length - 1);

const itemFilter = (some: RandomGroup): fc.Arbitrary<ItemFilter> =>
  filter(some)
    .filter((tree) => tree.subject === 'ItemID')
    .map((tree) => tree);

/** Records that come between two requests: mostly few, as masks are made again where many have come. */
const putsOf = (row: fc.Arbitrary<PlainRow>) =>
  fc.oneof(
    { weight: 5, arbitrary: fc.array(fc.tuple(id, row), { maxLength: 6 }) },
    { weight: 1, arbitrary: fc.array(fc.tuple(id, row), { minLength: 17, maxLength: 40 }) },
  );

const scenario = group
  .chain((some) => fc.tuple(fc.constant(some), itemFilter(some)))
  .chain(([some, tree]) =>
    fc.record({
      columns: fc.constant(some.items),
      tree: fc.constant(tree),
      values: placeholderValues(tree),
      current: id,
      models: fc.tuple(fc.constant(ids.slice(0, 50)), fc.shuffledSubarray(ids)),
      steps: fc.array(putsOf(plainRow(some.items)), { minLength: 2, maxLength: 8 }),
    }),
  );

test('masks that are kept up with records are those that are made of all rows', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ columns, tree, values, current, steps, ...given }) => {
      const fields = columns.map((column) => ({ categorical: false, ...column }));
      const items = new AttributeTable({ idColumn: 'ITEM_ID', fields });
      const followed = new AttributesUse(items);
      const models = given.models.map((some) => Vocabulary.of(some));
      for (const model of models) await followed.rowsOf(model);

      for (const puts of steps) {
        for (const [item, row] of puts) items.put(ids[item], (column) => String(row[column] ?? ''));
        const whole = new AttributesUse(items);
        const request = { events: new Map(), user: undefined, currentItem: items.rowOf(ids[current]) };
        const asked = { ...request, currentItem: request.currentItem < 0 ? undefined : request.currentItem };
        const maskBy = (use: AttributesUse) => use.compiled('only one', tree).ofRows().evaluate(encoded(values), asked);
        expect(maskBy(followed)).toEqual(maskBy(whole));
        for (const model of models) {
          const masks = await Promise.all(
            [followed, whole].map(async (use) => {
              const rows = await use.rowsOf(model);
              return use.compiled('only one', tree).ofModel(rows).evaluate(encoded(values), asked);
            }),
          );
          expect(masks[0]).toEqual(masks[1]);
        }
      }
    }),
    { numRuns: 300 },
  );
});

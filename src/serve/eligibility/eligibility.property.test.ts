import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AttributeTable } from '../../data/views/attributes/attribute-table.ts';
import { hasBit } from '../../learn/kernels/bits.ts';
import { eligibleCount, isEligible } from '../../learn/model/item-mask.ts';
import { Vocabulary } from '../../learn/model/vocabulary.ts';
import { Candidates } from '../exploration/candidates.ts';
import { keptRows, type PlainRow } from '../filters/evaluate.reference.ts';
import { eventType, filter, group, placeholderValues, type RandomGroup } from '../filters/filter.arbitrary.ts';
import type { ItemFilter } from '../filters/filter.ts';
import { needsOf } from '../filters/needs.ts';
import { encoded, plainRow } from '../filters/rows.arbitrary.ts';
import { Eligibility } from './eligibility.ts';
import { PlainAttributes, PlainEvents } from './plain-attributes.fixture.ts';

/** What there is at all: some have records, some are the model's, some are both or neither. */
const ids = Array.from({ length: 40 }, (_, n) => `item-${n}`);
const id = fc.nat(ids.length - 1);

const itemFilter = (some: RandomGroup): fc.Arbitrary<ItemFilter> =>
  filter(some)
    .filter((tree) => tree.subject === 'ItemID')
    .map((tree) => tree);

const change = (row: fc.Arbitrary<PlainRow>) =>
  fc.oneof(
    fc.record({ kind: fc.constant('record' as const), item: id, row }),
    fc.record({ kind: fc.constant('event' as const), item: id, type: eventType }),
    fc.record({ kind: fc.constant('candidate' as const), item: id }),
    fc.record({ kind: fc.constant('model' as const), model: fc.nat(1) }),
  );

/** Records have no empty texts: these are missing. */
const withoutEmptyTexts = (row: PlainRow): PlainRow =>
  Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, cell === '' ? null : cell]));

const fieldsOf = ({ items }: RandomGroup) => items.map((column) => ({ categorical: false, ...column }));

const scenario = group
  .chain((some) => fc.tuple(fc.constant(some), itemFilter(some)))
  .chain(([some, tree]) =>
    fc.record({
      group: fc.constant(some),
      tree: fc.constant(tree),
      values: placeholderValues(tree),
      user: fc.option(plainRow(some.users), { nil: undefined }),
      current: fc.option(id, { nil: undefined }),
      isTable: fc.boolean(),
      models: fc.tuple(fc.shuffledSubarray(ids), fc.shuffledSubarray(ids)),
      before: fc.array(fc.tuple(id, plainRow(some.items)), { maxLength: 40, size: 'max' }),
      changes: fc.array(change(plainRow(some.items)), { minLength: 1, maxLength: 12 }),
    }),
  );

test('agrees with the plain meaning of the filter on every id, while data and models change', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ group: columns, tree, values, user, current, before, ...given }) => {
      const items = given.isTable
        ? new AttributeTable({ idColumn: 'ITEM_ID', fields: fieldsOf(columns) })
        : new PlainAttributes(columns.items);
      const users = new PlainAttributes(columns.users);
      const events = new PlainEvents('somebody');
      const candidates = new Candidates();
      const models = given.models.map((some) => Vocabulary.of(some));
      const plain = new Map<string, PlainRow>();
      const happened: { readonly type: string; readonly row: number }[] = [];
      for (const [item, row] of before) put(ids[item], row);
      if (user) users.put('somebody', user);
      let model = models[0];
      const eligibility = new Eligibility({ items: async () => model });

      for (const each of given.changes) {
        if (each.kind === 'record') put(ids[each.item], each.row);
        if (each.kind === 'candidate') candidates.add({ id: ids[each.item], createdAt: 0 });
        if (each.kind === 'model') model = models[each.model];
        if (each.kind === 'event') {
          events.add(each.type, ids[each.item]);
          happened.push({ type: each.type, row: each.item });
        }
        const request = {
          deployment: { ownerArn: 'arn', recipeType: 'USER_PERSONALIZATION', model: 'models/1/' } as const,
          filter: { key: 'only one', filter: tree, needs: needsOf(tree) },
          values: encoded(values),
          items,
          users,
          events,
          userId: 'somebody',
          itemId: current === undefined ? undefined : ids[current],
        };
        using eligible = await eligibility.of(request);
        const rows = ids.map((one) => plain.get(one) ?? {});
        const currentItem = current === undefined ? undefined : rows[current];
        const kept = keptRows(tree, values, { rows, events: happened, user, currentItem });
        const isKept = (one: string) => kept[ids.indexOf(one)];

        expect(ids.map((one) => eligible.allows(one))).toEqual(kept);
        const ofModel = [...model];
        expect(eligible.items.size).toBe(model.size);
        expect(ofModel.map((_, item) => isEligible(eligible.items, item))).toEqual(ofModel.map(isKept));
        expect(eligibleCount(eligible.items)).toBe(ofModel.filter(isKept).length);
        expect((await eligibility.count(request)).at(-1)?.left).toBe(ofModel.filter(isKept).length);
        const bits = eligible.candidates(candidates);
        const expected = candidates.items.map((candidate) => isKept(candidate.id));
        expect(candidates.items.map((_, index) => hasBit(bits, index))).toEqual(expected);
        const others = Array.from({ length: items.count }, (_, row) => items.id(row)).reverse();
        const left = others.filter((one) => !ofModel.includes(one) && isKept(one));
        expect(eligible.others(100)).toEqual(left);
        expect(eligible.others(2)).toEqual(left.slice(0, 2));
      }

      function put(one: string, row: PlainRow): void {
        if (items instanceof PlainAttributes) items.put(one, row);
        else items.put(one, (column) => String(row[column] ?? ''));
        plain.set(one, given.isTable ? withoutEmptyTexts(row) : row);
      }
    }),
    { numRuns: 300 },
  );
});

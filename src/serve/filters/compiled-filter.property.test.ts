import fc from 'fast-check';
import { expect, test } from 'vitest';
import { eligibleCount } from '../../learn/model/item-mask.ts';
import { readFilter } from './checker.ts';
import { clauseTexts } from './clause-count.ts';
import { CompiledFilter } from './compiled-filter.ts';
import { keptRows } from './evaluate.reference.ts';
import { eventType, filter, group, placeholderValues, type RandomGroup, schemasOf } from './filter.arbitrary.ts';
import type { Filter } from './filter.ts';
import { FilterValuesError } from './filter-error.ts';
import { PredicateMasks } from './predicate-masks.ts';
import { piecesOf, write } from './print.fixture.ts';
import { columnar, encoded, plainRow, textLayout } from './rows.arbitrary.ts';

const style = fc.array(fc.nat(11), { minLength: 1, maxLength: 12 });
const groupAndFilter = group.chain((some) => fc.tuple(fc.constant(some), filter(some)));

test('an expression in any layout and case is read as the filter that it was written from', () => {
  fc.assert(
    fc.property(groupAndFilter, style, ([some, tree], numbers) => {
      expect(readFilter(write(piecesOf(tree), numbers), schemasOf(some))).toEqual(tree);
    }),
    { numRuns: 1000 },
  );
});

test('the clauses of an expression are told apart, whatever stands in them', () => {
  fc.assert(
    fc.property(groupAndFilter, style, ([some, tree], numbers) => {
      const texts = clauseTexts(write(piecesOf(tree), numbers));
      expect(texts).toHaveLength(tree.clauses.length);
      texts.forEach((text, n) => {
        expect(readFilter(text, schemasOf(some)).clauses).toEqual([tree.clauses[n]]);
      });
    }),
    { numRuns: 300 },
  );
});

const scenario = groupAndFilter.chain(([some, tree]) => {
  const columns = columnsOf(tree, some);
  return fc.record({
    columns: fc.constant(columns),
    userColumns: fc.constant(some.users),
    tree: fc.constant(tree),
    values: placeholderValues(tree),
    rows: fc.array(plainRow(columns), { maxLength: 70, size: 'max' }),
    user: fc.option(plainRow(some.users), { nil: undefined }),
    current: fc.option(fc.nat(69), { nil: undefined }),
    events: fc.array(fc.record({ type: eventType, row: fc.nat(69) }), { maxLength: 20, size: 'max' }),
    layout: textLayout,
  });
});

test('keeps the rows that the plain meaning of the filter keeps', () => {
  fc.assert(
    fc.property(scenario, ({ tree, values, columns, userColumns, rows, user, current, layout, ...given }) => {
      const events = given.events.filter(({ row }) => row < rows.length);
      const currentItem = current === undefined ? undefined : rows[current];
      const columned = columnar(rows, columns, layout);
      const request = {
        events: byType(events),
        user: user && { rows: columnar([user], userColumns, layout), row: 0 },
        currentItem: currentItem && current,
      };
      const keeping = new CompiledFilter(tree, columned, new PredicateMasks(columned));
      // The second request finds the masks that the first one left.
      keeping.evaluate(encoded(values), request);
      for (const compiled of [new CompiledFilter(tree, columned), keeping]) {
        const kept = compiled.evaluate(encoded(values), request);
        const expected = keptRows(tree, values, { rows, events, user, currentItem });
        expect(rows.map((_, row) => kept.has(row))).toEqual(expected);
        expect(eligibleCount(kept)).toBe(expected.filter((isKept) => isKept).length);
        const counts = compiled.count(encoded(values), request);
        expect(counts.map(({ clause }) => clause).sort((a, b) => a - b)).toEqual([...tree.clauses.keys()]);
        expect(counts.at(-1)?.left).toBe(eligibleCount(kept));
        expect(counts.reduce((left, { removed }) => left - removed, rows.length)).toBe(eligibleCount(kept));
        for (const { clause, state, matches } of counts) {
          const alone = onlyConditions(tree, clause);
          const plain = state === 'in force' ? keptRows(alone, values, { rows, events, user, currentItem }) : [];
          expect(matches).toBe(plain.filter((isKept) => isKept).length);
        }
      }
    }),
    { numRuns: 2000 },
  );
});

test('takes or refuses whatever a request brings as values', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.constantFrom('"a"', '1', '1,2', '"a\\"', '"', ',', '"*"', '1e999'),
    fc
      .array(fc.constantFrom('"', '\\', ',', '1', 'a', '😀'), { maxLength: 1000, size: 'max' })
      .map((some) => some.join('')),
  );
  const entries = fc.dictionary(fc.constantFrom('A', 'a', 'B_1', '9', 'b', '__proto__'), text);
  fc.assert(
    fc.property(groupAndFilter, entries, ([some, tree], values) => {
      const compiled = new CompiledFilter(tree, columnar([{}, {}], columnsOf(tree, some)));
      try {
        compiled.evaluate(values, { events: new Map([['buy', [1]]]), user: undefined, currentItem: 0 });
      } catch (error) {
        expect(error).toBeInstanceOf(FilterValuesError);
      }
    }),
    { numRuns: 2000 },
  );
});

/** The filter of what meets the conditions of a clause. */
function onlyConditions(tree: Filter, clause: number): Filter {
  switch (tree.subject) {
    case 'ItemID':
      return { ...tree, clauses: [{ ...tree.clauses[clause], action: 'INCLUDE', tests: [] }] };
    case 'UserID':
      return { ...tree, clauses: [{ ...tree.clauses[clause], action: 'INCLUDE', tests: [] }] };
    case 'ActionID':
      return { ...tree, clauses: [{ ...tree.clauses[clause], action: 'INCLUDE', tests: [] }] };
  }
}

function columnsOf({ subject }: Filter, { items, users, actions }: RandomGroup) {
  return { ItemID: items, UserID: users, ActionID: actions }[subject];
}

function byType(events: readonly { readonly type: string; readonly row: number }[]): Map<string, number[]> {
  const rows = new Map<string, number[]>();
  for (const { type, row } of events) rows.set(type, [...(rows.get(type) ?? []), row]);
  return rows;
}

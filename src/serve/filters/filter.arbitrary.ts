import fc from 'fast-check';
import type { AnyClause, AnyEvent, AttributeCondition, Column, EventCondition, Filter, Placeholder } from './filter.ts';
import { isNumber } from './filter.ts';
import type { GroupSchemas } from './schemas.ts';
import type { AnyOf, NonEmpty } from './syntax.ts';

/** Columns of a random group, as filters know them. */
export type RandomGroup = {
  readonly items: readonly Column[];
  readonly users: readonly Column[];
  readonly actions: readonly Column[];
};

const texts = ['a', 'b', 'A', 'é', '日本', '😀', '', ' a', 'a ', 'x,y', '"q"', "it's", '\\', '*', '$ 5', '12'];
export const textValue = fc.oneof(
  fc.constantFrom(...texts),
  fc.string({ unit: 'grapheme', maxLength: 5 }).filter(isLiteral),
);
/** A text in quotes that is a dollar sign and a name means a placeholder. */
function isLiteral(text: string): boolean {
  return !/^\$[A-Za-z0-9_]+$/.test(text) && !text.includes('|');
}

const numbers = ['0', '-0', '1', '-1', '+3', '2.5', '-2.5', '9.99', '0.1', '1e3', '1E-3', '16777217', '2147483647'];
const hugeNumbers = ['-2147483648', '2147483648', '9007199254740993', '9223372036854775807', '-9223372036854775808'];
const beyondAll = ['9223372036854775808', '1e30', '-123456789012345678901234567890', '1e400', '-1e400', '1e-400'];
export const decimal = fc.oneof(
  fc.constantFrom(...numbers, ...hugeNumbers, ...beyondAll),
  fc.integer({ min: -9, max: 9 }).map(String),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
);

const columnNames = ['GENRE', 'Price', 'year_of', 'Tag2', '_score', 'Where'];
const columnKind = fc.oneof(
  fc.record({ type: fc.constant('string' as const), categorical: fc.boolean() }),
  fc.record({ type: fc.constantFrom('int' as const, 'long' as const, 'float' as const, 'double' as const) }),
);
const columns = (most: number): fc.Arbitrary<Column[]> =>
  fc
    .array(columnKind, { minLength: 1, maxLength: most })
    .map((kinds) => kinds.map((kind, n) => ({ name: columnNames[n], ...kind })));

export const group: fc.Arbitrary<RandomGroup> = fc.record({
  items: columns(5),
  users: columns(3),
  actions: columns(5),
});

/** The same columns as the schemas of a dataset group. */
export function schemasOf({ items, users, actions }: RandomGroup): GroupSchemas {
  const fields = (list: readonly Column[]) => ({
    fields: list.map((column) => ({ categorical: false, ...column, textual: false })),
  });
  const eventType = { name: 'EVENT_TYPE', type: 'string', categorical: false } as const;
  const events = fields([eventType]);
  return {
    ITEMS: fields(items),
    USERS: fields(users),
    ACTIONS: fields(actions),
    INTERACTIONS: events,
    ACTION_INTERACTIONS: events,
  };
}

export const placeholder: fc.Arbitrary<Placeholder> = fc
  .constantFrom('A', 'a', 'B_1', '9')
  .map((name) => ({ kind: 'placeholder', name }));

export const eventType = fc.constantFrom('buy', 'Buy', 'VIEW', 'view', 'rate', 'İ', 'Not_Taken', 'not taken');
const equality = fc.constantFrom('=' as const, '!=' as const);
const order = fc.constantFrom('<' as const, '<=' as const, '>' as const, '>=' as const);

const listOf = <Element>(element: fc.Arbitrary<Element>, most: number): fc.Arbitrary<NonEmpty<Element>> =>
  fc.tuple(element, fc.array(element, { maxLength: most - 1 })).map(([first, others]) => [first, ...others]);
const anyOf = <Condition>(condition: fc.Arbitrary<Condition>): fc.Arbitrary<AnyOf<Condition>> =>
  listOf(listOf(condition, 3), 2);
const values = <Values extends NonEmpty<string>>(list: fc.Arbitrary<Values>) =>
  list.map((some) => ({ kind: 'values' as const, values: some }));

function condition<Reference>(
  among: readonly Column[],
  reference: (column: Column) => readonly Reference[],
): fc.Arbitrary<AttributeCondition<Placeholder, Reference>> {
  return fc.constantFrom(...among).chain((one): fc.Arbitrary<AttributeCondition<Placeholder, Reference>> => {
    const column = fc.constant(one);
    const literal = isNumber(one) ? decimal : textValue;
    const references = reference(one).map((each) => fc.constant(each));
    const single = fc.oneof(values(fc.tuple(literal)), placeholder, ...references);
    const several = values(listOf(literal, 4));
    const ofAnyColumn = fc.oneof(
      fc.record({ column, operator: equality, right: single }),
      fc.record({ column, operator: fc.constant('IN' as const), right: fc.oneof(several, placeholder, ...references) }),
      fc.record({ column, operator: fc.constant('NOT IN' as const), right: fc.oneof(several, ...references) }),
    );
    if (!isNumber(one)) return ofAnyColumn;
    return fc.oneof(ofAnyColumn, fc.record({ column: fc.constant(one), operator: order, right: single }));
  });
}

function event<Star extends AnyEvent>(star: readonly Star[]): fc.Arbitrary<EventCondition<Placeholder, Star>> {
  const stars = star.map((each) => fc.constant(each));
  const types = values(listOf(eventType, 3));
  return fc.oneof(
    fc.record({ operator: fc.constant('IN' as const), right: fc.oneof(types, placeholder, ...stars) }),
    fc.record({ operator: fc.constant('NOT IN' as const), right: fc.oneof(types, ...stars) }),
  );
}

const none = () => [];
const action = fc.constantFrom('INCLUDE' as const, 'EXCLUDE' as const);
const clauses = <Clause>(clause: fc.Arbitrary<Clause>) => listOf(clause, 3);
const where = <Kind extends string, Dataset extends string, Condition>(
  kind: Kind,
  dataset: Dataset,
  one: fc.Arbitrary<Condition>,
) => fc.record({ kind: fc.constant(kind), dataset: fc.constant(dataset), anyOf: anyOf(one) });

/** A filter on the columns of a group, of any subject. */
export function filter({ items, users, actions }: RandomGroup): fc.Arbitrary<Filter> {
  const tests = fc.oneof(fc.constant([]), fc.array(condition<never>(users, none), { maxLength: 2 }));
  const current = (column: Column) =>
    items
      .filter((other) => isNumber(other) === isNumber(column))
      .map((other) => ({ kind: 'current-item' as const, column: other }));
  const anyEvent: readonly AnyEvent[] = [{ kind: 'any-event' }];
  const ofInteractions = where('events', 'Interactions', event(anyEvent));
  const ofItems = fc.oneof(where('attributes', 'Items', condition(items, current)), ofInteractions);
  const ofUsers = fc.oneof(where('attributes', 'Users', condition<never>(users, none)), ofInteractions);
  const ofActions = fc.oneof(
    where('attributes', 'Actions', condition<never>(actions, none)),
    where('events', 'Action_Interactions', event<never>([])),
  );
  return fc.oneof(
    fc.record({
      subject: fc.constant('ItemID' as const),
      clauses: clauses(fc.record({ action, where: ofItems, tests })),
    }),
    fc.record({
      subject: fc.constant('UserID' as const),
      clauses: clauses(fc.record({ action, where: ofUsers, tests: fc.constant([]) })),
    }),
    fc.record({
      subject: fc.constant('ActionID' as const),
      clauses: clauses(fc.record({ action, where: ofActions, tests })),
    }),
  );
}

/** Values that suit all uses of a filter's placeholders; some are missing where only EXCLUDE clauses use them. */
export function placeholderValues({ clauses: list }: Filter): fc.Arbitrary<Record<string, string[]>> {
  const uses = list.flatMap((clause) => usesIn(clause));
  const names = [...new Set(uses.map(({ name }) => name))];
  const entries = names.map((name) => {
    const own = uses.filter((use) => use.name === name);
    const value = own.some(({ isOfNumbers }) => isOfNumbers) ? decimal : fc.oneof(textValue, eventType);
    const some = fc.array(value, { minLength: 1, maxLength: own.every(({ isList }) => isList) ? 4 : 1 });
    const isOptional = own.every((use) => use.isOptional);
    return (isOptional ? fc.option(some) : some).map((each) => [name, each] as const);
  });
  return fc
    .tuple(...entries)
    .map((pairs) => Object.fromEntries(pairs.flatMap(([name, some]) => (some ? [[name, some]] : []))));
}

function usesIn({ action: kind, where: { anyOf: alternatives }, tests }: AnyClause) {
  const operands = [...alternatives.flat(), ...tests];
  return operands.flatMap((one) => {
    if (one.right.kind !== 'placeholder') return [];
    const isOfNumbers = 'column' in one && isNumber(one.column);
    return [{ name: one.right.name, isOfNumbers, isList: one.operator === 'IN', isOptional: kind === 'EXCLUDE' }];
  });
}

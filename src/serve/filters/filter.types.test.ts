import { expectTypeOf, test } from 'vitest';
import type {
  ActionFilter,
  AnyEvent,
  AttributeCondition,
  BoundClause,
  CurrentItem,
  EventCondition,
  Filter,
  ItemFilter,
  NumberColumn,
  Placeholder,
  Several,
  Single,
  TextColumn,
  UserFilter,
  UserTest,
} from './filter.ts';

// The type checker reads this file: what no filter can be does not compile.

type Condition<Column, Operator, Right> = {
  readonly column: Column;
  readonly operator: Operator;
  readonly right: Right;
};
type ClauseOf<Kind extends { readonly clauses: readonly unknown[] }> = Kind['clauses'][number];
type Clause<Dataset, Right, Test = never> = {
  readonly action: 'INCLUDE';
  readonly where: {
    readonly kind: 'attributes';
    readonly dataset: Dataset;
    readonly anyOf: readonly [readonly [Condition<NumberColumn, '=', Right>]];
  };
  readonly tests: readonly Test[];
};

test('operators suit their columns', () => {
  expectTypeOf<Condition<NumberColumn, '<', Single>>().toExtend<AttributeCondition>();
  expectTypeOf<Condition<TextColumn, '<', Single>>().not.toExtend<AttributeCondition>();
  expectTypeOf<Condition<TextColumn, 'IN', Placeholder>>().toExtend<AttributeCondition>();
  expectTypeOf<Condition<TextColumn, 'NOT IN', Placeholder>>().not.toExtend<AttributeCondition>();
  expectTypeOf<Condition<NumberColumn, '>=', Several>>().not.toExtend<AttributeCondition>();
  expectTypeOf<Condition<NumberColumn, 'IN', AnyEvent>>().not.toExtend<AttributeCondition>();
  expectTypeOf<{ operator: 'NOT IN'; right: Placeholder }>().not.toExtend<EventCondition>();
  expectTypeOf<{ operator: '='; right: Several }>().not.toExtend<EventCondition>();
});

test('conditions suit their subject', () => {
  expectTypeOf<Clause<'Items', Single>>().toExtend<ClauseOf<ItemFilter>>();
  expectTypeOf<Clause<'Users', Single>>().not.toExtend<ClauseOf<ItemFilter>>();
  expectTypeOf<Clause<'Items', Single>>().not.toExtend<ClauseOf<UserFilter>>();
  expectTypeOf<Clause<'Actions', Single>>().toExtend<ClauseOf<ActionFilter>>();
  expectTypeOf<{ subject: 'ItemID'; clauses: readonly [] }>().not.toExtend<Filter>();
});

test('the current item stands for items alone, and to the right', () => {
  expectTypeOf<Clause<'Items', CurrentItem>>().toExtend<ClauseOf<ItemFilter>>();
  expectTypeOf<Clause<'Users', CurrentItem>>().not.toExtend<ClauseOf<UserFilter>>();
  expectTypeOf<Clause<'Actions', CurrentItem>>().not.toExtend<ClauseOf<ActionFilter>>();
  expectTypeOf<Condition<CurrentItem, '=', Single>>().not.toExtend<AttributeCondition>();
  expectTypeOf<Condition<NumberColumn, '=', CurrentItem>>().not.toExtend<UserTest>();
});

test('a filter of users has no tests, and a bound one no placeholders', () => {
  expectTypeOf<Clause<'Items', Single, UserTest>>().toExtend<ClauseOf<ItemFilter>>();
  expectTypeOf<Clause<'Users', Single, UserTest>>().not.toExtend<ClauseOf<UserFilter>>();
  expectTypeOf<Clause<'Items', Single>>().toExtend<BoundClause>();
  expectTypeOf<Clause<'Items', Placeholder>>().not.toExtend<BoundClause>();
});

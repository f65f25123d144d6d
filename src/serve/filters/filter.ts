import type { FieldType } from '../../data/dataset-types.ts';
import type { Action, AnyOf, Equality, NonEmpty, Order, Subject } from './syntax.ts';

/** A filter whose names mean something, in the spelling of the schemas, and whose operators suit their columns. */
export type Filter = ItemFilter | UserFilter | ActionFilter;
export type ItemFilter = FilterOf<'ItemID', ItemClause>;
export type UserFilter = FilterOf<'UserID', UserClause>;
export type ActionFilter = FilterOf<'ActionID', ActionClause>;
type FilterOf<Of extends Subject, Clause> = { readonly subject: Of; readonly clauses: NonEmpty<Clause> };

type ItemClause = ClauseOn<
  WhereAttributes<'Items', Placeholder, CurrentItem> | WhereEvents<'Interactions', Placeholder, AnyEvent>,
  UserTest
>;
/** A request for users has no current one to test. */
type UserClause = ClauseOn<
  WhereAttributes<'Users', Placeholder, never> | WhereEvents<'Interactions', Placeholder, AnyEvent>,
  never
>;
type ActionClause = ClauseOn<
  WhereAttributes<'Actions', Placeholder, never> | WhereEvents<'Action_Interactions', Placeholder, never>,
  UserTest
>;

/** A filter whose placeholders have values. Clauses that had none are gone, and all of them may be. */
export type BoundFilter = { readonly subject: Subject; readonly clauses: readonly BoundClause[] };
export type BoundClause = AnyClause<never>;

/**
 * A clause of any filter. `Open` is what a request has still to fill in: placeholders, or never once it has brought
 * their values.
 */
export type AnyClause<Open = Placeholder> = ClauseOn<
  | WhereAttributes<'Items' | 'Users' | 'Actions', Open, CurrentItem>
  | WhereEvents<'Interactions' | 'Action_Interactions', Open, AnyEvent>,
  UserTest<Open>
>;

type ClauseOn<Where, Test> = {
  readonly action: Action;
  readonly where: Where;
  /** The clause is as if not written where one of them is false. */
  readonly tests: readonly Test[];
};
type WhereAttributes<Of, Open, Reference> = {
  readonly kind: 'attributes';
  readonly dataset: Of;
  readonly anyOf: AnyOf<AttributeCondition<Open, Reference>>;
};
type WhereEvents<Of, Open, Star> = {
  readonly kind: 'events';
  readonly dataset: Of;
  readonly anyOf: AnyOf<EventCondition<Open, Star>>;
};

/** A condition on a column of what the filter is about: items, users or actions. */
export type AttributeCondition<Open = Placeholder, Reference = CurrentItem> =
  | { readonly column: Column; readonly operator: Equality; readonly right: Single | Open | Reference }
  | { readonly column: NumberColumn; readonly operator: Order; readonly right: Single | Open | Reference }
  | { readonly column: Column; readonly operator: 'IN'; readonly right: Several | Open | Reference }
  | { readonly column: Column; readonly operator: 'NOT IN'; readonly right: Several | Reference };
/** A test of a column of the requesting user. */
export type UserTest<Open = Placeholder> = AttributeCondition<Open, never>;

/** The thing has an event of one of these types or, with NOT IN, an event of another type. */
export type EventCondition<Open = Placeholder, Star = AnyEvent> =
  | { readonly operator: 'IN'; readonly right: Several | Open | Star }
  | { readonly operator: 'NOT IN'; readonly right: Several | Star };

export type Column = TextColumn | NumberColumn;
export type TextColumn = { readonly name: string; readonly type: 'string'; readonly categorical: boolean };
export type NumberColumn = { readonly name: string; readonly type: NumberType };
export type NumberType = Exclude<FieldType, 'string' | 'boolean'>;

export const isNumber = (column: Column): column is NumberColumn => column.type !== 'string';

/** Literals: texts, or decimal numbers as they were written, since the column decides what they are rounded to. */
export type Single = { readonly kind: 'values'; readonly values: readonly [string] };
export type Several = { readonly kind: 'values'; readonly values: NonEmpty<string> };
export type Placeholder = { readonly kind: 'placeholder'; readonly name: string };
/** The value of the item that a request is about, in a column of the same kind. */
export type CurrentItem = { readonly kind: 'current-item'; readonly column: Column };
export type AnyEvent = { readonly kind: 'any-event' };

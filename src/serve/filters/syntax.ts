import type { DatasetType } from '../../data/dataset-types.ts';

/**
 * What the parser makes of an expression: its grammar alone, names as they were written. Whether the names mean
 * something is for the checker. `at` is the character, from 1, where something begins.
 */
export type FilterSyntax = { readonly clauses: NonEmpty<ClauseSyntax> };

export type ClauseSyntax = {
  readonly action: Action;
  readonly subject: Subject;
  readonly subjectAt: number;
  readonly where: AnyOf<ConditionSyntax>;
  /** All that stand after IF; none without one. */
  readonly tests: readonly TestSyntax[];
};

export type Action = 'INCLUDE' | 'EXCLUDE';
export const subjects = ['ItemID', 'UserID', 'ActionID'] as const;
export type Subject = (typeof subjects)[number];
export const datasets = ['Interactions', 'Items', 'Users', 'Actions', 'Action_Interactions'] as const;
export type Dataset = (typeof datasets)[number];
/** What the API calls the types of these datasets. */
export const typeOf = {
  Interactions: 'INTERACTIONS',
  Items: 'ITEMS',
  Users: 'USERS',
  Actions: 'ACTIONS',
  Action_Interactions: 'ACTION_INTERACTIONS',
} as const satisfies Record<Dataset, DatasetType>;

/** Conditions under AND and OR. AND binds tighter and there are no parentheses: one of the lists holds as a whole. */
export type AnyOf<Condition> = NonEmpty<NonEmpty<Condition>>;
export type NonEmpty<Element> = readonly [Element, ...Element[]];

export const mapAll = <From, To>([first, ...others]: NonEmpty<From>, map: (element: From) => To): NonEmpty<To> => [
  map(first),
  ...others.map(map),
];

/** Maps the conditions where they stand. */
export const mapConditions = <From, To>(anyOf: AnyOf<From>, map: (condition: From) => To): AnyOf<To> =>
  mapAll(anyOf, (all) => mapAll(all, map));

export const equalities = ['=', '!='] as const;
export type Equality = (typeof equalities)[number];
export const orders = ['<', '<=', '>', '>='] as const;
export type Order = (typeof orders)[number];

export type ConditionSyntax = ConditionOn<FieldSyntax, CurrentItemSyntax, StarSyntax>;
/** A test of the requesting user, a field of CurrentUser. */
export type TestSyntax = ConditionOn<NameSyntax, never, never>;

/** What may stand to the right of each operator, beside literals and placeholders: `Reference` and `Star`. */
type ConditionOn<Field, Reference, Star> = { readonly field: Field } & (
  | { readonly operator: Equality | Order; readonly right: LiteralSyntax | PlaceholderSyntax | Reference }
  | { readonly operator: 'IN'; readonly right: LiteralsSyntax | PlaceholderSyntax | Reference | Star }
  | { readonly operator: 'NOT IN'; readonly right: LiteralsSyntax | Reference | Star }
);

export type NameSyntax = { readonly name: string; readonly at: number };
export type FieldSyntax = NameSyntax & { readonly dataset: Dataset; readonly datasetAt: number };

export type LiteralSyntax = {
  readonly kind: 'string' | 'number';
  /** A string without its quotes and escapes, a number as it was written. */
  readonly text: string;
  readonly at: number;
};
export type LiteralsSyntax = { readonly kind: 'literals'; readonly literals: NonEmpty<LiteralSyntax> };
export type PlaceholderSyntax = { readonly kind: 'placeholder'; readonly name: string; readonly at: number };
export type CurrentItemSyntax = { readonly kind: 'current-item'; readonly name: string; readonly at: number };
/** `*` without quotes; with quotes it is a literal until one knows the field. */
export type StarSyntax = { readonly kind: 'star'; readonly at: number };

import type { UseCase } from '../../learn/recipes/recipe.ts';
import type { ItemFilter } from '../../serve/filters/filter.ts';
import { type FilterNeeds, needsOf } from '../../serve/filters/needs.ts';

type LeftOut = NonNullable<UseCase['leavesOut']>;

/** A filter as it decides for a request. */
export type DecidingFilter = {
  /** Tells it from all others of the dataset group. */
  readonly key: string;
  readonly filter: ItemFilter;
  readonly needs: FilterNeeds;
};

/** What a use case leaves out of answers (spec domains.md §2.3), as it would be written. */
export const automaticClause = (leavesOut: LeftOut): string =>
  `EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("${leavesOut}")`;

const clauseOf = (leavesOut: LeftOut): ItemFilter['clauses'][number] => ({
  action: 'EXCLUDE',
  where: {
    kind: 'events',
    dataset: 'Interactions',
    anyOf: [[{ operator: 'IN', right: { kind: 'values', values: [leavesOut] } }]],
  },
  tests: [],
});

const alone = (leavesOut: LeftOut): DecidingFilter => {
  const filter: ItemFilter = { subject: 'ItemID', clauses: [clauseOf(leavesOut)] };
  return { key: `automatic ${leavesOut}`, filter, needs: needsOf(filter) };
};

const automatic: { readonly [Type in LeftOut]: DecidingFilter } = {
  Purchase: alone('Purchase'),
  Watch: alone('Watch'),
};

const combined: { readonly [Type in LeftOut]: WeakMap<ItemFilter, DecidingFilter> } = {
  Purchase: new WeakMap(),
  Watch: new WeakMap(),
};

/**
 * The filter of a request with the automatic one of a use case. Items that an EXCLUDE clause names are left out
 * whatever other clauses say, so that to add one is to apply both filters, one after the other.
 */
export function withAutomaticFilter(leavesOut: LeftOut, own: DecidingFilter | undefined): DecidingFilter {
  if (!own) return automatic[leavesOut];
  const known = combined[leavesOut].get(own.filter);
  if (known) return known;
  const filter: ItemFilter = { subject: 'ItemID', clauses: [...own.filter.clauses, clauseOf(leavesOut)] };
  const both = { key: `${own.key} ${automatic[leavesOut].key}`, filter, needs: needsOf(filter) };
  combined[leavesOut].set(own.filter, both);
  return both;
}

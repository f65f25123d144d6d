import { readFilter } from '../../serve/filters/checker.ts';
import type { Filter } from '../../serve/filters/filter.ts';
import { FilterError } from '../../serve/filters/filter-error.ts';
import { type FilterNeeds, needsOf } from '../../serve/filters/needs.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { ControlParts } from '../parts.ts';
import { type CacheParts, ResourceCache } from '../resources/resource-cache.ts';
import { findResource } from '../resources/resource-store.ts';
import { type Filter as FilterResource, filterKind } from './filter-kind.ts';

/** What a request needs to know of a filter. */
export type FilterEntry = {
  readonly account: string;
  readonly region: string;
  readonly status: string;
  /** Which filter of its ARN: one that was deleted and created again may mean something else. */
  readonly sequence: number;
  readonly datasetGroupArn: string;
  /** Which dataset group of that ARN. */
  readonly datasetGroupSequence: number;
  readonly filter: Filter;
  readonly needs: FilterNeeds;
};

/** Filters by their ARN. */
export function filterCache(parts: Pick<ControlParts, 'database'> & CacheParts): ResourceCache<FilterEntry> {
  const { database } = parts;
  return new ResourceCache(parts, {
    async read(arn): Promise<FilterEntry | undefined> {
      const resource = await findResource(database, filterKind, arn);
      const group = resource && (await findResource(database, datasetGroupKind, resource.parent ?? ''));
      if (!group) return undefined;
      const { account, region, status, sequence } = resource;
      const groupFacts = { datasetGroupArn: group.arn, datasetGroupSequence: group.sequence };
      const filter = checkedFilter(resource);
      return { account, region, status, sequence, ...groupFacts, filter, needs: needsOf(filter) };
    },
    isReady: ({ status }) => status === 'ACTIVE',
  });
}

/** Reads the expression by the columns of its creation, whatever the quota on fields is now. */
export function checkedFilter({ arn, document: { filterExpression, schemas } }: FilterResource): Filter {
  try {
    return readFilter(filterExpression, schemas, Number.POSITIVE_INFINITY);
  } catch (error) {
    if (!(error instanceof FilterError)) throw error;
    // Its own message quotes the expression, which must not come into a log.
    throw new Error(`${arn} cannot be read again: its expression is wrong at character ${error.position}.`);
  }
}

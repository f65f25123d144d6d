import type { DatasetSchema } from '../../data/dataset-schema.ts';
import { type EntityType, idColumns } from '../../data/dataset-types.ts';
import { type LocalCopy, ObjectStoreError } from '../../data/objects/object-store.ts';
import { AttributeView } from '../../data/views/attributes/attribute-view.ts';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { ViewDefinition, ViewKey, ViewKind } from '../../data/views/view.ts';
import type { ViewKeeper } from '../../data/views/view-keeper.ts';
import type { ViewSet } from '../../data/views/view-set.ts';
import { localItems } from '../../learn/model/stored-model.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { type Filter, filterKind } from '../filters/filter-kind.ts';
import type { ControlParts } from '../parts.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import { type AttributeRequest, AttributeRequests } from './attribute-requests.ts';
import type { ExpectedGroup, ExpectedGroups } from './expected-groups.ts';

type AttributeParts = Pick<ControlParts, 'database' | 'store' | 'clock' | 'log'>;
type AttributeType = {
  readonly name: string;
  readonly title: string;
  readonly datasetType: EntityType;
  /** Whether a filter of a dataset group has such attributes read ahead of requests. */
  isReadBy(filter: Filter): boolean;
};

export const itemType: AttributeType = {
  name: 'item-attributes',
  title: 'Attributes of items',
  datasetType: 'ITEMS',
  // They are needed for any filter of items.
  isReadBy: (filter) => !isOfActions(filter),
};
export const userType: AttributeType = {
  name: 'user-attributes',
  title: 'Attributes of users',
  datasetType: 'USERS',
  isReadBy: ({ document }) => document.schemas.USERS !== undefined,
};
export const actionType: AttributeType = {
  name: 'action-attributes',
  title: 'Attributes of actions',
  datasetType: 'ACTIONS',
  isReadBy: isOfActions,
};

function isOfActions({ document: { schemas } }: Filter): boolean {
  return schemas.ACTIONS !== undefined || schemas.ACTION_INTERACTIONS !== undefined;
}

/** The attributes of items, users or actions, by dataset group. */
export class AttributeViews {
  readonly #requests: AttributeRequests;
  readonly #set: ViewSet<AttributeView>;

  constructor(parts: AttributeParts, type: AttributeType, keeper: ViewKeeper, expected: ExpectedGroups) {
    this.#requests = new AttributeRequests(parts.clock);
    this.#set = keeper.add(attributeViews(parts, type, this.#requests, expected));
  }

  /**
   * The attributes of a dataset group with these columns, as far as its schema has them. Waits a while for a view that
   * is being read.
   *
   * @param group ARN and sequence of the dataset group, which may lack the dataset
   * @returns undefined if it has not been read by then
   */
  async find(group: ViewKey, request: AttributeRequest): Promise<Attributes | undefined> {
    const columns = [...request.columns];
    this.#requests.note(group, { ...request, columns });
    const suffices = (view: AttributeView) => view.answersFor(columns);
    const view = await this.#set.find(group, suffices);
    return view && suffices(view) ? view.attributes : undefined;
  }
}

/**
 * Attributes for the dataset groups that requests ask for, or are expected to: the columns that active filters of the
 * group read, and those that requests have read lately.
 */
function attributeViews(
  parts: AttributeParts,
  type: AttributeType,
  requests: AttributeRequests,
  expected: ExpectedGroups,
): ViewKind<AttributeView> {
  return {
    name: type.name,
    title: type.title,
    lookEveryMs: 5000,
    isHeavy: true,
    async needed(asked) {
      const keys = withExpected(asked, await expected.now(), type, requests);
      requests.keepOnly(keys);
      const definitions: ViewDefinition<AttributeView>[] = [];
      for (const key of keys) {
        const definition = await definitionOf(parts, type, key, requests);
        if (definition) definitions.push(definition);
      }
      return definitions;
    },
  };
}

/** Groups whose filters do not look at such attributes need none. */
function withExpected(
  asked: readonly ViewKey[],
  expected: readonly ExpectedGroup[],
  { isReadBy }: AttributeType,
  requests: AttributeRequests,
): readonly ViewKey[] {
  const isAsked = new Set(asked.map(({ sequence }) => sequence));
  const others = expected.filter(({ key }) => !isAsked.has(key.sequence));
  const reading = others.filter(({ filters }) => filters.some(isReadBy));
  for (const { key, model } of reading) requests.note(key, { columns: [], model });
  return [...asked, ...reading.map(({ key }) => key)];
}

/** Undefined for a dataset group that is gone. */
async function definitionOf(
  parts: AttributeParts,
  { datasetType }: AttributeType,
  key: ViewKey,
  requests: AttributeRequests,
): Promise<ViewDefinition<AttributeView> | undefined> {
  const { database } = parts;
  const group = await findResource(database, datasetGroupKind, key.arn);
  if (group?.sequence !== key.sequence) return undefined;
  const { account, region, arn } = group;
  const filters = await selectResources(database, filterKind, { account, region, parent: arn, statuses: ['ACTIVE'] });
  const filtered = filters.flatMap(({ document: { schemas } }) => schemas[datasetType]?.fields ?? []);
  const asked = new Set([...filtered.map(({ name }) => name), ...requests.columnsOf(key)].toSorted());
  const dataset = await findResource(
    database,
    datasetKind,
    `${arn.replace(':dataset-group/', ':dataset/')}/${datasetType}`,
  );
  return {
    key,
    version: [dataset?.sequence, dataset?.document.schemaArn, ...asked].join(' '),
    sources: dataset ? [{ arn: dataset.arn, rows: 'all' }] : [],
    async create() {
      const { fields }: DatasetSchema = dataset ? await schemaOf(database, dataset) : { fields: [] };
      return new AttributeView({
        idColumn: idColumns[datasetType],
        fields: fields.filter(({ name }) => asked.has(name)),
        datasetArn: dataset?.arn,
        asked,
        ...(datasetType === 'ITEMS' && { firstIds: () => itemsOf(parts, requests.modelOf(key)) }),
      });
    },
  };
}

/** The items of a model; undefined where they cannot be read, as when the model is gone: the rows do without. */
async function itemsOf({ store, log }: AttributeParts, model: string | undefined): Promise<LocalCopy | undefined> {
  if (model === undefined) return undefined;
  try {
    return await localItems(store, model);
  } catch (error) {
    if (!(error instanceof ObjectStoreError)) throw error;
    log.warn({ err: error }, 'The items of a model could not be read, and attributes are held in another order.');
    return undefined;
  }
}

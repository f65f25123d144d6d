import type { EventDatasetType } from '../../data/dataset-types.ts';
import type { EventsByType, EventTypes } from '../../data/views/events-by-type/events-by-type.ts';
import { EventsByTypeView } from '../../data/views/events-by-type/events-by-type-view.ts';
import type { ViewDefinition, ViewKey, ViewKind } from '../../data/views/view.ts';
import { readFilter } from '../../serve/filters/checker.ts';
import { FilterError } from '../../serve/filters/filter-error.ts';
import { needsOf } from '../../serve/filters/needs.ts';
import type { Context } from '../context.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { type Filter, filterKind } from '../filters/filter-kind.ts';
import type { Owners } from '../owners.ts';
import type { ControlParts } from '../parts.ts';
import { findResource, selectResources } from '../resources/resource-store.ts';
import type { ExpectedGroup, ExpectedGroups } from './expected-groups.ts';
import { rememberedSessionMs } from './history-views.ts';
import { type LeftOutTypes, leftOutTypes } from './left-out-types.ts';

type EventTypeParts = Pick<ControlParts, 'database' | 'settings' | 'clock'> & { readonly owners: Owners };

const kinds = {
  INTERACTIONS: { name: 'events-by-type', title: 'Interactions by event type', quota: 'interactionsPerEventType' },
  ACTION_INTERACTIONS: {
    name: 'action-events-by-type',
    title: 'Action interactions by event type',
    quota: 'actionInteractionsPerEventType',
  },
} as const;

/**
 * Interactions by event type, of every dataset of a type that requests ask for, or are expected to: the types that
 * active filters name, and those by which deployments leave items out.
 */
export function eventTypeViews(
  parts: EventTypeParts,
  dataset: EventDatasetType,
  expected: ExpectedGroups,
): ViewKind<EventsByTypeView> {
  return {
    name: kinds[dataset].name,
    title: kinds[dataset].title,
    lookEveryMs: 5000,
    isHeavy: true,
    async needed(asked) {
      const definitions: ViewDefinition<EventsByTypeView>[] = [];
      const isAsked = new Set(asked.map(({ sequence }) => sequence));
      const others = (await keysOf(parts, dataset, await expected.now())).filter(
        ({ sequence }) => !isAsked.has(sequence),
      );
      const keys = [...asked, ...others];
      const leftOut = dataset === 'INTERACTIONS' && keys.length > 0 ? await leftOutTypes(parts) : new Map();
      for (const key of keys) {
        const definition = await definitionOf(parts, dataset, key, leftOut);
        if (definition) definitions.push(definition);
      }
      return definitions;
    },
  };
}

/**
 * What the users of a dataset group have done, by event type. Waits a while for a view that is being read.
 *
 * @param dataset whether items or actions are meant
 * @param types those that are needed, by an active filter of the group or a deployment's automatic one
 * @returns undefined if it has not been read by then; without events where the group has no such dataset
 */
export async function findEvents(
  { records, answers }: Pick<Context, 'records' | 'answers'>,
  datasetGroupArn: string,
  dataset: EventDatasetType,
  types: EventTypes,
): Promise<{ readonly events?: EventsByType } | undefined> {
  const arn = datasetOf(datasetGroupArn, dataset);
  const entry = await records.datasets.find(arn);
  if (!entry) return {};
  const suffices = (view: EventsByTypeView) => view.holds(types);
  const { eventsByType, actionEventsByType } = answers.views;
  const views = dataset === 'INTERACTIONS' ? eventsByType : actionEventsByType;
  const view = await views.find({ arn, sequence: entry.sequence }, suffices);
  return view && suffices(view) ? { events: view.events } : undefined;
}

/** The datasets of the type in groups with a filter that names event types, written or automatic. */
async function keysOf(
  { database }: EventTypeParts,
  type: EventDatasetType,
  expected: readonly ExpectedGroup[],
): Promise<ViewKey[]> {
  const keys: ViewKey[] = [];
  for (const { key, filters, leftOut } of expected) {
    const automatic = type === 'INTERACTIONS' ? leftOut : new Set<string>();
    const types = allTypes([automatic, ...filters.map((filter) => typesOf(filter, type))]);
    if (types !== 'any' && types.size === 0) continue;
    const dataset = await findResource(database, datasetKind, datasetOf(key.arn, type));
    if (dataset) keys.push({ arn: dataset.arn, sequence: dataset.sequence });
  }
  return keys;
}

const datasetOf = (datasetGroupArn: string, type: EventDatasetType) =>
  `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/${type}`;

async function definitionOf(
  { database, settings, clock }: EventTypeParts,
  type: EventDatasetType,
  key: ViewKey,
  leftOut: LeftOutTypes,
): Promise<ViewDefinition<EventsByTypeView> | undefined> {
  const dataset = await findResource(database, datasetKind, key.arn);
  if (dataset?.sequence !== key.sequence) return undefined;
  const { account, region, parent } = dataset;
  const selection = { account, region, parent: parent ?? '', statuses: ['ACTIVE'] } as const;
  const filters = await selectResources(database, filterKind, selection);
  const named = filters.map((filter) => typesOf(filter, type));
  const types = allTypes([leftOut.get(parent ?? '') ?? new Set(), ...named]);
  return {
    key,
    version: types === 'any' ? types : JSON.stringify([...types].toSorted()),
    // A recommender that was asked may be stopped, a filter deleted.
    sources: types === 'any' || types.size > 0 ? [{ arn: dataset.arn, rows: 'all' }] : [],
    create: async () =>
      new EventsByTypeView({
        datasetArn: dataset.arn,
        dataset: type,
        types,
        limit: settings.quotas[kinds[type].quota],
        sessionsSince: clock.now() - rememberedSessionMs,
      }),
  };
}

/** The event types that a filter names, of interactions with items or with actions: no filter is about both. */
function typesOf({ document: { filterExpression, schemas } }: Filter, type: EventDatasetType): EventTypes {
  if (!schemas[type]) return new Set();
  try {
    return needsOf(readFilter(filterExpression, schemas, Number.POSITIVE_INFINITY)).eventTypes ?? new Set();
  } catch (error) {
    // Requests with a filter that cannot be read fail, and say why.
    if (error instanceof FilterError) return new Set();
    throw error;
  }
}

const allTypes = (each: readonly EventTypes[]): EventTypes =>
  each.includes('any') ? 'any' : new Set(each.flatMap((types) => [...types]));

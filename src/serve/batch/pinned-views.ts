import { join } from 'node:path';
import type { EntityType } from '../../data/dataset-types.ts';
import { idColumns } from '../../data/dataset-types.ts';
import { type FilePath, keyOf, pathOf } from '../../data/encryption/file-path.ts';
import type { LocalCopy } from '../../data/objects/object-store.ts';
import type { PinnedFile } from '../../data/pinned-snapshot.ts';
import { AttributeView } from '../../data/views/attributes/attribute-view.ts';
import type { Attributes } from '../../data/views/attributes/attributes.ts';
import type { EventsByType, EventTypes } from '../../data/views/events-by-type/events-by-type.ts';
import { EventsByTypeView } from '../../data/views/events-by-type/events-by-type-view.ts';
import { HistoryView } from '../../data/views/live/history-view.ts';
import type { LiveHistories } from '../../data/views/live/live-histories.ts';
import type { View } from '../../data/views/view.ts';
import { itemsFile } from '../../learn/model/model-folder.ts';
import { isLearnable } from '../../learn/training-set/columns.ts';
import type { Candidates } from '../exploration/candidates.ts';
import { ExploredItems } from '../exploration/explored-items.ts';
import type { BatchExploration, BatchHistories, DatasetFiles, EventFiles, LinesTask } from './batch-tasks.ts';

/*
 * The views of a server, read once from the files of a task: what they hold is what a server would hold that had read
 * the same files, and nothing is applied to them later.
 */

type ViewTask = Pick<LinesTask, 'model' | 'startedAt' | 'temporaryFolder'>;

/** What users have done since the model's training. */
export async function readHistories(task: ViewTask, { schema, files, ...options }: BatchHistories) {
  const view = new HistoryView({
    datasetArn: interactions,
    schema,
    fields: schema.fields.filter(isLearnable),
    limit: options.limit,
    after: options.after,
    sessionsSince: options.sessionsSince,
  });
  await read(view, task, { [interactions]: files });
  const histories: LiveHistories = view.histories;
  const wish = { after: options.after, events: options.events };
  return { find: (id: string) => histories.find(id, wish) };
}

/** These columns of the items, in the order of the model's, or of the users. Without a dataset they have no values. */
export async function readAttributes(
  task: ViewTask,
  type: EntityType,
  columns: Iterable<string>,
  dataset: DatasetFiles | undefined,
): Promise<Attributes> {
  const asked = new Set(columns);
  const view = new AttributeView({
    idColumn: idColumns[type],
    fields: (dataset?.schema.fields ?? []).filter(({ name }) => asked.has(name)),
    datasetArn: dataset && type,
    asked,
    ...(type === 'ITEMS' && { firstIds: async () => localCopy(itemsFile(task.model)) }),
  });
  await read(view, task, { [type]: dataset?.files ?? [] });
  return view.attributes;
}

/** The newest events of users, of these types. */
export async function readEvents(task: ViewTask, types: EventTypes, dataset: EventFiles): Promise<EventsByType> {
  const { files, limit, sessionsSince } = dataset;
  const view = new EventsByTypeView({ datasetArn: interactions, types, limit, sessionsSince });
  await read(view, task, { [interactions]: files });
  return view.events;
}

/** The items that are explored. */
export async function readCandidates(task: ViewTask, exploration: BatchExploration): Promise<Candidates> {
  const { interactions: events, items, itemAgeSeconds } = exploration;
  const view = new ExploredItems({
    model: pathOf(task.model),
    modelItems: async () => localCopy(itemsFile(task.model)),
    interactions: { arn: interactions, schema: events.schema },
    items: items && { arn: 'ITEMS', schema: items.schema },
    itemAgeSeconds,
    clock: { now: () => task.startedAt },
  });
  await read(view, task, { [interactions]: events.files, ITEMS: items?.files ?? [] });
  return view.candidates;
}

const interactions = 'INTERACTIONS';

/** Reads a view, one after the other: each may take much memory while it is read. */
async function read(
  view: View,
  { temporaryFolder }: ViewTask,
  datasets: Readonly<Record<string, readonly PinnedFile[]>>,
): Promise<void> {
  // Nothing is applied after the files, so their watermark does not matter.
  const of = (name: string) => ({ files: datasets[name] ?? [], watermark: 0 });
  await view.read({ of, temporaryFolder: join(temporaryFolder, 'spilled') }, new AbortController().signal);
}

/** A file that is there as long as the task. */
function localCopy(file: FilePath): LocalCopy {
  const key = keyOf(file);
  return { path: pathOf(file), ...(key !== undefined && { key }), async [Symbol.asyncDispose]() {} };
}

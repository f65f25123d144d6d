import { filePath } from '../../data/encryption/file-path.ts';
import type { ObjectStore } from '../../data/objects/object-store.ts';
import type { InferenceTask } from '../../serve/batch/batch-tasks.ts';
import type { Settings } from '../settings.ts';
import { streamedOf } from './batch-data.ts';
import type { PlannedAnswers, PlannedData, PlannedDataset } from './batch-plan.ts';

/** Brings the data of a plan to this machine, for as long as `opened` is not disposed of. */
export async function localData(
  store: ObjectStore,
  data: PlannedData,
  opened: AsyncDisposableStack,
): Promise<PlannedData> {
  const local = async (dataset: PlannedDataset | undefined) => {
    if (!dataset) return undefined;
    const files = [];
    for (const file of dataset.files) {
      // Their keys stand in the plan: they are as they were in the dataset, under another name.
      const { path } = opened.use(await store.localFile(file.path));
      files.push({ ...file, path });
    }
    return { ...dataset, files };
  };
  return {
    interactions: await local(data.interactions),
    items: await local(data.items),
    users: await local(data.users),
  };
}

/** The answers of a plan with the data that they are made from. */
export function answersFrom(
  { histories, exploration, themes, filter, ...answers }: PlannedAnswers,
  { interactions, items, users }: PlannedData,
  { textEncoder, themeEndpoint }: Pick<Settings, 'textEncoder' | 'themeEndpoint'>,
): Omit<InferenceTask, 'ranges' | 'folder' | 'temporaryFolder' | 'model'> {
  const streamed = histories && interactions && streamedOf(interactions);
  return {
    ...answers,
    histories: histories && streamed && streamed.files.length > 0 ? { ...histories, ...streamed } : undefined,
    themes: themes &&
      items && {
        ...themes,
        schema: items.schema,
        files: items.files.map(({ path, key }) => filePath(path, key)),
        textEncoder,
        endpoint: themeEndpoint,
      },
    exploration: exploration && interactions && { ...exploration, interactions, items },
    filter: filter && {
      filter: filter.filter,
      items,
      users,
      interactions: filter.events && interactions && { ...filter.events, ...interactions },
    },
  };
}

import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { type FilePath, fileIn } from '../../data/encryption/file-path.ts';
import { readWhole } from '../../data/encryption/file-reading.ts';
import { keyIdOfName } from '../../data/encryption/group-key.ts';
import {
  type Checksum,
  damaged,
  type ExpectedChecksum,
  intactFile,
  requireIntact,
} from '../../data/objects/checksums.ts';
import { type LocalCopy, type ObjectStore, ObjectStoreError } from '../../data/objects/object-store.ts';
import { readSummedJson } from '../../data/summed-json.ts';
import { type ModelDescription, modelFile } from './model-folder.ts';

export type LocalModel = LocalCopy & {
  /** Checksums of the files of ids: models with the same ids have the same. None in a model of an earlier release. */
  readonly idSums: readonly string[];
};

/**
 * A model of the store as a folder on this machine, checked to be as it was written.
 *
 * @param prefix that of the model's objects, ending in `/`
 * @throws ObjectStoreError, of the reason `damaged` where it is not
 */
export async function localModel(store: ObjectStore, prefix: string): Promise<LocalModel> {
  const copy = await store.localFolder(prefix);
  try {
    const content = await descriptionIn(copy).catch(() => '');
    const { files = {} } = describedBy(content, store, prefix);
    for (const [name, sum] of Object.entries(files)) {
      await requireIntact(join(copy.path, name), expected(sum), store.location(prefix + name));
    }
    const idFiles = [files[modelFile.items], files[modelFile.users]];
    return { ...copy, idSums: idFiles.flatMap((sum) => (sum ? [sum.sha256] : [])) };
  } catch (error) {
    await copy[Symbol.asyncDispose]();
    throw error;
  }
}

const descriptionIn = async (folder: FilePath): Promise<string> =>
  (await readWhole(fileIn(folder, modelFile.description))).toString('utf8');

/** The Parquet file of the ids of a model's items, checked in the same way. */
export const localItems = (store: ObjectStore, prefix: string): Promise<LocalCopy> =>
  localIds(store, prefix, modelFile.items);

/** The Parquet file of the ids of the users that a model knows, checked in the same way. */
export const localUsers = (store: ObjectStore, prefix: string): Promise<LocalCopy> =>
  localIds(store, prefix, modelFile.users);

async function localIds(store: ObjectStore, prefix: string, file: string): Promise<LocalCopy> {
  const sum = (await readStored(store, prefix)).files?.[file];
  const key = prefix + file;
  return await (sum ? intactFile(store, key, expected(sum)) : store.localFile(key));
}

/**
 * The objects that a model consists of beside its description, by key, and what they must hold: undefined in a model of
 * an earlier release.
 *
 * @throws ObjectStoreError, as above
 */
export async function describedFiles(
  store: ObjectStore,
  prefix: string,
): Promise<Map<string, ExpectedChecksum | undefined>> {
  if (keyIdOfName(prefix) !== undefined) return await sealedFiles(store, prefix);
  const { files, graphs = [] } = await readStored(store, prefix);
  const names = [modelFile.tensors, modelFile.items, ...graphs.map(modelFile.graph)];
  if (!files) return new Map(names.map((name) => [prefix + name, undefined]));
  return new Map(Object.entries(files).map(([name, sum]) => [prefix + name, expected(sum)]));
}

/** The same of a sealed model, whose description only who has its key can read. */
async function sealedFiles(store: ObjectStore, prefix: string): Promise<Map<string, ExpectedChecksum>> {
  const content = await text(await store.read(prefix + modelFile.sums));
  const sums = readSummedJson<Required<Pick<ModelDescription, 'files'>>>(content);
  if (!sums) throw damaged(store.location(prefix + modelFile.sums), 'as it is not what was written', remedy);
  return new Map(Object.entries(sums.files).map(([name, sum]) => [prefix + name, expected(sum)]));
}

const readStored = async (store: ObjectStore, prefix: string): Promise<ModelDescription> =>
  describedBy(await text(await store.read(prefix + modelFile.description)), store, prefix);

/**
 * For a model that is whole by all that was written down of it, and still cannot be opened, as those without checksums.
 */
export const unreadableModel = (store: ObjectStore, prefix: string, cause: Error): ObjectStoreError =>
  new ObjectStoreError(
    'damaged',
    `The model ${store.location(prefix)} cannot be opened (${cause.message}): ${remedy}.`,
    {
      cause,
    },
  );

function describedBy(content: string, store: ObjectStore, prefix: string): ModelDescription {
  const description = readSummedJson<ModelDescription>(content);
  if (description) return description;
  const location = store.location(prefix + modelFile.description);
  throw damaged(location, 'as it is not what was written', remedy);
}

const remedy =
  'put the model back from a backup, train another solution version for the campaign, or create the recommender again';

const expected = (sum: Checksum): ExpectedChecksum => ({ ...sum, remedy });

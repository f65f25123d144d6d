import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesOf } from '../../data/encryption/file-access.ts';
import { type FilePath, fileIn, keyOf, pathOf } from '../../data/encryption/file-path.ts';
import { readWhole } from '../../data/encryption/file-reading.ts';
import { writeWhole } from '../../data/encryption/file-writing.ts';
import { type Checksum, checksumOf } from '../../data/objects/checksums.ts';
import { readSummedJson, writeSummedJson } from '../../data/summed-json.ts';
import type { FittedColumn } from '../features/column.ts';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import type { LearnedModel, ModelContent } from '../recipes/recipe.ts';
import { readSafetensors, writeSafetensors } from '../tensor/safetensors.ts';
import type { Vocabulary } from './vocabulary.ts';
import { readVocabulary, writeVocabulary } from './vocabulary-file.ts';

/** Version of the model folder (docs/model-format.md). A change that older readers would misread makes it one more. */
export const modelFormat = 1;

/** What `model.json` says. */
export type ModelDescription = {
  readonly format: number;
  readonly recipe: string;
  /** The caller's settings. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly counts: { readonly users: number; readonly items: number; readonly interactions: number };
  readonly metrics: Readonly<Record<string, number>>;
  readonly constants: Readonly<Record<string, number>>;
  readonly columns?: readonly InteractionColumn[];
  readonly itemColumns?: readonly FittedColumn[] | undefined;
  readonly userColumns?: readonly FittedColumn[] | undefined;
  /** Names of the `.onnx` files. */
  readonly graphs?: readonly string[];
  /** The other files by name; absent in models of earlier releases. */
  readonly files?: Readonly<Record<string, Checksum>>;
};

/** Names of the files; the description is written last. */
export const modelFile = {
  description: 'model.json',
  /** Of a sealed model, in the clear: what its other files are as they lie there, for who has no key. */
  sums: 'sums.json',
  tensors: 'tensors.safetensors',
  items: 'items.parquet',
  users: 'users.parquet',
  actions: 'actions.parquet',
  graph: (name: string) => `${name}.onnx`,
} as const;

/** The Parquet file of the items' ids in a model folder. */
export const itemsFile = (folder: FilePath): FilePath => fileIn(folder, modelFile.items);

/** Writes a model into an empty folder; the same model makes the same bytes, unless they are sealed. */
export async function writeModelFolder(
  folder: FilePath,
  { learned, items, users, actions }: ModelContent,
  facts: Omit<
    ModelDescription,
    'format' | 'constants' | 'columns' | 'itemColumns' | 'userColumns' | 'graphs' | 'files' | 'sha256'
  >,
): Promise<void> {
  const tensors = fileIn(folder, modelFile.tensors);
  await writeSafetensors(pathOf(tensors), learned.tensors, filesOf(tensors));
  await writeVocabulary(itemsFile(folder), items, tmpdir());
  if (users) await writeVocabulary(fileIn(folder, modelFile.users), users, tmpdir());
  if (actions) await writeVocabulary(fileIn(folder, modelFile.actions), actions, tmpdir());
  const graphs = Object.entries(learned.graphs ?? {});
  for (const [name, graph] of graphs) await writeWhole(fileIn(folder, modelFile.graph(name)), graph);
  const names = [
    modelFile.tensors,
    modelFile.items,
    ...(users ? [modelFile.users] : []),
    ...(actions ? [modelFile.actions] : []),
    ...graphs.map(([name]) => modelFile.graph(name)),
  ];
  const description: ModelDescription = {
    format: modelFormat,
    ...facts,
    constants: learned.constants,
    ...(learned.columns && learned.columns.length > 0 && { columns: learned.columns }),
    ...(learned.itemColumns && { itemColumns: learned.itemColumns }),
    ...(learned.userColumns && { userColumns: learned.userColumns }),
    ...(graphs.length > 0 && { graphs: graphs.map(([name]) => name) }),
    files: await checksumsOf(pathOf(folder), names),
  };
  await writeWhole(fileIn(folder, modelFile.description), writeSummedJson(description));
  if (keyOf(folder) === undefined) return;
  const sums = { files: await checksumsOf(pathOf(folder), [...names, modelFile.description]) };
  await writeWhole(join(pathOf(folder), modelFile.sums), writeSummedJson(sums));
}

async function checksumsOf(folder: string, names: readonly string[]): Promise<Record<string, Checksum>> {
  const sums: Record<string, Checksum> = {};
  for (const name of names) sums[name] = await checksumOf(join(folder, name));
  return sums;
}

/** @throws Error in one sentence if the folder is of another format; the reader's error if a file is missing or torn */
export async function readDescription(folder: FilePath): Promise<ModelDescription> {
  const file = fileIn(folder, modelFile.description);
  const description = readSummedJson<ModelDescription>((await readWhole(file)).toString('utf8'));
  if (!description) throw new Error(`${pathOf(file)} is damaged.`);
  if (description.format === modelFormat) return description;
  throw new Error(
    `The model in ${pathOf(folder)} has format ${description.format}, and this version of OpenPersonalize reads format ${modelFormat}: open it with the version that made it, or train it again.`,
  );
}

/** Some of the tensors of a model. @throws the reader's error if the file is missing or torn */
export function readTensors(folder: FilePath, isWanted?: (name: string) => boolean): Promise<LearnedModel['tensors']> {
  const file = fileIn(folder, modelFile.tensors);
  return readSafetensors(pathOf(file), filesOf(file), isWanted);
}

/** The ids of a model's actions, by index. */
export const readActionIds = (folder: FilePath): Promise<Vocabulary> =>
  readVocabulary(fileIn(folder, modelFile.actions), tmpdir());

/** Reads a file of ids, or has those of that checksum already. */
export type ReadIds = (file: FilePath, sum: string | undefined) => Promise<Vocabulary>;

export const readIdFile: ReadIds = (file) => readVocabulary(file, tmpdir());

export async function readContent(
  folder: FilePath,
  { constants, columns = [], itemColumns, userColumns, graphs: names = [], files = {} }: ModelDescription,
  usesHistory: boolean,
  hasActions = false,
  readIds = readIdFile,
): Promise<ModelContent> {
  const tensors = await readTensors(folder);
  const idsIn = (name: string) => readIds(fileIn(folder, name), files[name]?.sha256);
  const items = await idsIn(modelFile.items);
  const users = usesHistory ? { users: await idsIn(modelFile.users) } : {};
  const actions = hasActions ? { actions: await readActionIds(folder) } : {};
  const graphs: Record<string, Uint8Array> = {};
  for (const name of names) graphs[name] = await readWhole(fileIn(folder, modelFile.graph(name)));
  return { learned: { tensors, constants, columns, itemColumns, userColumns, graphs }, items, ...users, ...actions };
}

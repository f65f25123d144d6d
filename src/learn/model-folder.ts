import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FittedColumn } from './features/column.ts';
import type { InteractionColumn } from './interaction-columns.ts';
import type { ModelContent } from './recipe.ts';
import { readSafetensors, writeSafetensors } from './tensor/safetensors.ts';
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
};

const file = {
  description: 'model.json',
  tensors: 'tensors.safetensors',
  items: 'items.parquet',
  users: 'users.parquet',
  graph: (name: string) => `${name}.onnx`,
} as const;

/** The Parquet file of the items' ids in a model folder. */
export const itemsFile = (folder: string): string => join(folder, file.items);

/** Writes a model into an empty folder; the same model makes the same bytes. */
export async function writeModelFolder(
  folder: string,
  { learned, items, users }: ModelContent,
  facts: Omit<ModelDescription, 'format' | 'constants' | 'columns' | 'itemColumns' | 'userColumns' | 'graphs'>,
): Promise<void> {
  await writeSafetensors(join(folder, file.tensors), learned.tensors);
  await writeVocabulary(join(folder, file.items), items, tmpdir());
  if (users) await writeVocabulary(join(folder, file.users), users, tmpdir());
  const graphs = Object.entries(learned.graphs ?? {});
  for (const [name, graph] of graphs) await writeFile(join(folder, file.graph(name)), graph, { flush: true });
  const description: ModelDescription = {
    format: modelFormat,
    ...facts,
    constants: learned.constants,
    ...(learned.columns && learned.columns.length > 0 && { columns: learned.columns }),
    ...(learned.itemColumns && { itemColumns: learned.itemColumns }),
    ...(learned.userColumns && { userColumns: learned.userColumns }),
    ...(graphs.length > 0 && { graphs: graphs.map(([name]) => name) }),
  };
  await writeFile(join(folder, file.description), `${JSON.stringify(description, null, 2)}\n`, { flush: true });
}

/** @throws Error in one sentence if the folder is of another format; the reader's error if a file is missing or torn */
export async function readDescription(folder: string): Promise<ModelDescription> {
  // Our own file, whose format says whether its shape is the one that is known here.
  const description = JSON.parse(await readFile(join(folder, file.description), 'utf8')) as ModelDescription;
  if (description.format === modelFormat) return description;
  throw new Error(
    `The model in ${folder} has format ${description.format}, and this version of OpenPersonalize reads format ${modelFormat}: open it with the version that made it, or train it again.`,
  );
}

export async function readContent(
  folder: string,
  { constants, columns = [], itemColumns, userColumns, graphs: names = [] }: ModelDescription,
  knowsUsers: boolean,
): Promise<ModelContent> {
  const tensors = await readSafetensors(join(folder, file.tensors));
  const items = await readVocabulary(join(folder, file.items), tmpdir());
  const users = knowsUsers ? { users: await readVocabulary(join(folder, file.users), tmpdir()) } : {};
  const graphs: Record<string, Uint8Array> = {};
  for (const name of names) graphs[name] = await readFile(join(folder, file.graph(name)));
  return { learned: { tensors, constants, columns, itemColumns, userColumns, graphs }, items, ...users };
}

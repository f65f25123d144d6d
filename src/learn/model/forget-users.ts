import { access } from 'node:fs/promises';
import { type FilePath, fileIn, pathOf } from '../../data/encryption/file-path.ts';
import type { LearnedModel, ModelContent, Tensor } from '../recipes/recipe.ts';
import { uint32Tensor } from './model-content.ts';
import { type ModelDescription, modelFile, readContent, readDescription, writeModelFolder } from './model-folder.ts';
import { VocabularyBuilder } from './vocabulary.ts';

/** Tensors with a row for each user (docs/model-format.md). */
const rowsOfUsers = ['user_features', 'user_vectors', 'user_lengths', 'user_item_sums'];

/** Tensors with an entry for each interaction that is kept of a user, by `history_offsets`. */
const entriesOfUsers = /^history_(items|times|codes_\d+)$/;

/**
 * Writes a model that does not know some users: without their ids, and without all that it keeps of each. Other users
 * keep their order, so answers to them are the same. Statistics of all users stay as they are.
 *
 * @param model the folder of the model, which stays as it is
 * @param isForgotten whether a user is to be forgotten
 * @param folder an empty folder
 * @returns how many of its users the model has forgotten; with 0 nothing is written
 * @throws the reader's error if a file is missing or torn
 */
export async function forgetUsers(
  model: FilePath,
  isForgotten: (userId: string) => boolean,
  folder: FilePath,
): Promise<number> {
  const description = await readDescription(model);
  if (!(await hasFile(model, description, modelFile.users))) return 0;
  const hasActions = await hasFile(model, description, modelFile.actions);
  const content = await readContent(model, description, true, hasActions);
  const kept = keptUsers(content, isForgotten);
  const before = content.users?.size ?? 0;
  if (kept.length === before) return 0;
  const { recipe, parameters, seed, counts, metrics } = description;
  const learned = { ...content.learned, tensors: tensorsOf(content.learned, kept, before) };
  const facts = { recipe, parameters, seed, counts, metrics };
  await writeModelFolder(folder, { ...content, learned, users: idsOf(content, kept) }, facts);
  return before - kept.length;
}

/** Models of earlier releases do not list their files. */
async function hasFile(model: FilePath, { files }: ModelDescription, name: string): Promise<boolean> {
  if (files) return files[name] !== undefined;
  return await access(pathOf(fileIn(model, name))).then(
    () => true,
    () => false,
  );
}

/** The users who stay, by their indexes until now. */
function keptUsers({ users }: ModelContent, isForgotten: (userId: string) => boolean): Uint32Array {
  const kept: number[] = [];
  let index = 0;
  for (const id of users ?? []) {
    if (!isForgotten(id)) kept.push(index);
    index++;
  }
  return Uint32Array.from(kept);
}

function idsOf({ users }: ModelContent, kept: Uint32Array) {
  const ids = new VocabularyBuilder();
  let index = 0;
  let next = 0;
  for (const id of users ?? []) {
    if (kept[next] !== index++) continue;
    ids.add(id);
    next++;
  }
  return ids.build();
}

function tensorsOf(learned: LearnedModel, kept: Uint32Array, users: number): LearnedModel['tensors'] {
  const tensors: Record<string, Tensor> = { ...learned.tensors };
  for (const name of rowsOfUsers) {
    const tensor = tensors[name];
    if (tensor) tensors[name] = keptRows(tensor, kept, users);
  }
  if (tensors.history_offsets) keepHistories(learned, tensors, kept);
  if (tensors.item_users) keepUsersOfItems(learned, tensors, kept, users);
  return tensors;
}

/** The rows of some indexes. */
function keptRows({ shape, data }: Tensor, kept: Uint32Array, rows: number): Tensor {
  const width = rows === 0 ? 0 : data.length / rows;
  const rest = data.slice(0, kept.length * width);
  for (const [row, index] of kept.entries()) rest.set(data.subarray(index * width, (index + 1) * width), row * width);
  return { shape: [kept.length, ...shape.slice(1)], data: rest };
}

function keepHistories(learned: LearnedModel, tensors: Record<string, Tensor>, kept: Uint32Array): void {
  const offsets = uint32Tensor(learned, 'history_offsets');
  const ends = new Uint32Array(kept.length + 1);
  for (const [row, user] of kept.entries()) ends[row + 1] = ends[row] + offsets[user + 1] - offsets[user];
  for (const [name, { shape, data }] of Object.entries(learned.tensors)) {
    if (!entriesOfUsers.test(name)) continue;
    const rest = data.slice(0, ends[kept.length]);
    for (const [row, user] of kept.entries()) rest.set(data.subarray(offsets[user], offsets[user + 1]), ends[row]);
    tensors[name] = { shape: [rest.length, ...shape.slice(1)], data: rest };
  }
  tensors.history_offsets = { shape: [ends.length], data: ends };
}

/**
 * How many users each item had stays in `item_user_counts`: it weighs the items of a segment, and segments of the other
 * users are to stay as they are.
 */
function keepUsersOfItems(
  learned: LearnedModel,
  tensors: Record<string, Tensor>,
  kept: Uint32Array,
  users: number,
): void {
  const offsets = uint32Tensor(learned, 'item_user_offsets');
  const indices = uint32Tensor(learned, 'item_users');
  const rows = new Int32Array(users).fill(-1);
  for (const [row, user] of kept.entries()) rows[user] = row;
  const ends = new Uint32Array(offsets.length);
  const rest = new Uint32Array(indices.length);
  let end = 0;
  for (let item = 0; item + 1 < offsets.length; item++) {
    for (let entry = offsets[item]; entry < offsets[item + 1]; entry++) {
      const row = rows[indices[entry]];
      if (row >= 0) rest[end++] = row;
    }
    ends[item + 1] = end;
  }
  const counts = offsets.subarray(1).map((to, item) => to - offsets[item]);
  tensors.item_user_counts ??= { shape: [counts.length], data: counts };
  tensors.item_user_offsets = { shape: [ends.length], data: ends };
  tensors.item_users = { shape: [end], data: rest.slice(0, end) };
}

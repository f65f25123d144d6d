import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { normals, uniforms } from '../../src/learn/kernels/random.ts';
import { writeModelFolder } from '../../src/learn/model/model-folder.ts';
import { Vocabulary } from '../../src/learn/model/vocabulary.ts';
import type { LearnedModel } from '../../src/learn/recipes/recipe.ts';
import { madeUpTransformer } from '../made-up-transformer.ts';

/** What a made-up model knows: its answers mean nothing, and take as long as those of a trained one. */
export const size = { items: 27_000, users: 20_000, history: 50 };
const related = 100;

type Learned = (random: () => number, factors: number) => Promise<LearnedModel>;

const learned: Readonly<Record<string, Learned>> = {
  'aws-user-personalization-v2': () => madeUpTransformer(size),
  async 'aws-user-personalization'(random, factors) {
    const normal = normals(0.1, 3);
    return {
      tensors: {
        item_factors: floats([size.items, factors], normal),
        log_popularity: floats([size.items], () => Math.log(random())),
        log_popularity_unknown_user: floats([size.items], () => Math.log(random())),
        ...histories(random),
      },
      constants: {
        factors_weight: 20,
        popularity_weight: 0.2,
        history_length: size.history,
        interacted_items: size.items,
        alpha: 0.03,
        regularization: 0.002,
      },
    };
  },
  async 'aws-similar-items'(random) {
    return {
      tensors: {
        related_offsets: offsets(size.items, related),
        related_items: indexes([size.items * related], random),
        related_scores: floats([size.items * related], random),
        log_popularity: floats([size.items], () => Math.log(random())),
        popular: indexes([size.items], random, (n) => n),
      },
      constants: { interacted_items: size.items, popularity_weight: 0.3, popularity_weight_cold: 0.1 },
    };
  },
  async 'aws-popularity-count'(random) {
    return { tensors: { popular: indexes([size.items], random, (n) => n) }, constants: {} };
  },
};

export const itemId = (n: number) => `item-${n}`;
export const userId = (n: number) => `user-${n}`;

/** Writes a model folder of a recipe. @param factors of recipes that factorise */
export async function madeUpModel(folder: string, recipe: string, factors = 149): Promise<string> {
  const make = learned[recipe];
  if (!make) throw new Error(`No model of ${recipe} is made up.`);
  const path = join(folder, `${recipe}-${factors}`);
  const ids = (count: number, id: (n: number) => string) =>
    Vocabulary.of(Array.from({ length: count }, (_, n) => id(n)));
  const content = {
    learned: await make(uniforms(7), factors),
    items: ids(size.items, itemId),
    users: ids(size.users, userId),
  };
  const counts = { users: size.users, items: size.items, interactions: size.users * size.history };
  await mkdir(path, { recursive: true });
  await writeModelFolder(path, content, { recipe, parameters: {}, seed: 1, counts, metrics: {} });
  return path;
}

function floats(shape: readonly number[], draw: () => number) {
  return { shape, data: Float32Array.from({ length: shape.reduce((all, axis) => all * axis, 1) }, draw) };
}

function indexes(
  shape: readonly [number],
  random: () => number,
  of: (n: number) => number = () => Math.floor(size.items * random()),
) {
  return { shape, data: Uint32Array.from({ length: shape[0] }, (_, n) => of(n)) };
}

const offsets = (rows: number, each: number) => ({
  shape: [rows + 1],
  data: Uint32Array.from({ length: rows + 1 }, (_, row) => row * each),
});

const histories = (random: () => number) => ({
  history_offsets: offsets(size.users, size.history),
  history_items: indexes([size.users * size.history], random),
});

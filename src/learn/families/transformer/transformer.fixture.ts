import { emptyHistories, type Histories, type History } from '../../histories/histories.ts';
import { uniforms } from '../../kernels/random.ts';
import { maskWithout } from '../../model/item-mask.ts';
import { subjectOf, type UserModel } from '../../model/item-model.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import type { LearnedModel } from '../../recipes/recipe.ts';
import { userPersonalizationV2 } from '../../recipes/user-personalization-v2.ts';
import { unwatched } from '../../training/training.fixture.ts';
import { openTransformer } from './model.ts';

/** Histories of these items, one interaction an hour. */
export function historiesOf(users: readonly (readonly number[])[], secondsApart = 3600): Histories {
  const histories = emptyHistories(users.length, users.flat().length);
  let end = 0;
  for (const [user, items] of users.entries()) {
    for (const item of items) {
      histories.items[end] = item;
      histories.timestamps[end] = 1_600_000_000 + end * secondsApart;
      end++;
    }
    histories.offsets[user + 1] = end;
  }
  return histories;
}

export const historyOfItems = (...items: number[]) => ({
  items: Uint32Array.from(items),
  timestamps: Float64Array.from(items, (_, n) => 1_600_000_000 + n * 3600),
  codes: [],
});

/**
 * Items in a circle. Each user goes round it in strides of one length: only two items together determine which is next.
 */
export const circle = { items: 40, strides: [1, 2, 3], users: 400, steps: 12 };

export const walk = (from: number, stride: number, steps: number) =>
  Array.from({ length: steps }, (_, n) => (from + n * stride) % circle.items);

export function strollers(seed = 1): number[][] {
  const random = uniforms(seed);
  return Array.from({ length: circle.users }, () => {
    const from = Math.floor(random() * circle.items);
    return walk(from, circle.strides[Math.floor(random() * circle.strides.length)], circle.steps);
  });
}

export const learn = (
  histories: Histories,
  itemCount: number,
  options: { seed?: number; parameters?: Record<string, string>; warmStart?: LearnedModel } = {},
) =>
  userPersonalizationV2.learn({
    histories,
    itemCount,
    parameters: resolveParameters(userPersonalizationV2, options.parameters ?? {}),
    seed: options.seed ?? 1,
    forUsers: true,
    ...(options.warmStart && { warmStart: options.warmStart }),
    progress: unwatched,
  });

export const open = (learned: LearnedModel, itemCount: number, users = 0): Promise<UserModel> =>
  openTransformer({
    learned,
    items: Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `i${item}`)),
    users: Vocabulary.of(Array.from({ length: users }, (_, user) => `u${user}`)),
  });

/** The best items for someone with this history, without those that are excluded. */
export async function bestItems(
  model: UserModel,
  history: History,
  count: number,
  excluded: Iterable<number> = [],
): Promise<Uint32Array> {
  const eligible = maskWithout(model.items.size, excluded);
  const { items } = await model.recommend({ ...subjectOf(history), count, eligible, orderOnly: true });
  return items;
}

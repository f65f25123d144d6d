import type { Effect, ExplainQuery, Explanation, ItemExplanation, NamedCause, Parts } from './explanation.ts';
import type { PopularItemsModel, RelatedItemsModel, UserModel } from './item-model.ts';
import { type CauseEffect, explainByLeavingOut, type LogitExplanation } from './leave-out.ts';
import type { ExplainedLogits, PartValues } from './logit-parts.ts';
import { probability } from './softmax.ts';
import type { Vocabulary } from './vocabulary.ts';

/** Effects of an item that are given; all others are weaker. */
const mostEffects = 20;
/** Smaller changes are rounding of 32-bit floats. */
const leastChange = 1e-5;

export async function explainForUser(
  model: UserModel,
  { items, eligible, ...request }: ExplainQuery,
): Promise<Explanation> {
  const { user, used } = model.userOf(request);
  const explained = await explainByLeavingOut(model, user, items, eligible);
  return {
    items: items.map(({ id }, n) => explanationOf(id, n, explained, model.items)),
    logSum: explained.answer.logSum,
    history: used,
    older: explained.older,
  };
}

/** By the lists that items come from. */
export function explainByRank(
  model: PopularItemsModel | RelatedItemsModel,
  { itemId, items }: ExplainQuery,
): Explanation {
  const beside = itemId === undefined ? -1 : model.items.indexOf(itemId);
  return {
    items: items.map(({ id }): ItemExplanation => {
      const item = model.items.indexOf(id);
      const found = item < 0 ? undefined : model.rankOf?.(item, beside);
      if (found === undefined) return { itemId: id, kind: 'unscored' };
      return { itemId: id, kind: found.list, rank: found.rank };
    }),
  };
}

function explanationOf(
  itemId: string,
  n: number,
  { answer, causes }: LogitExplanation,
  ids: Vocabulary,
): ItemExplanation {
  const logit = answer.logits[n];
  if (logit === Number.NEGATIVE_INFINITY) return { itemId, kind: 'unscored' };
  const effects = causes
    .map((effect) => effectOn(n, answer, effect, ids))
    .filter(({ change, lift }) => Math.abs(change) >= leastChange || Math.abs(lift) >= leastChange)
    .sort((a, b) => Math.abs(b.lift) - Math.abs(a.lift))
    .slice(0, mostEffects);
  const score = probability(logit, answer.logSum);
  return { itemId, kind: 'scored', logit, score, parts: partsAt(answer.parts, n), effects };
}

function effectOn(n: number, answer: ExplainedLogits, { cause, without }: CauseEffect, ids: Vocabulary): Effect {
  const [before, after] = [partsAt(answer.parts, n), partsAt(without.parts, n)];
  const names = new Set([...answer.parts.keys(), ...without.parts.keys()]);
  const change = answer.logits[n] - without.logits[n];
  return {
    cause: cause.kind === 'item' ? namedItem(cause, ids) : { kind: cause.kind },
    change,
    parts: Object.fromEntries(Array.from(names, (name) => [name, (before[name] ?? 0) - (after[name] ?? 0)])),
    lift: change - (answer.logSum - without.logSum),
    scoreWithout: probability(without.logits[n], without.logSum),
  };
}

const namedItem = (
  { item, interactions, newestAt }: Extract<CauseEffect['cause'], { readonly kind: 'item' }>,
  ids: Vocabulary,
): NamedCause => ({ kind: 'item', itemId: ids.id(item), interactions, ...(newestAt > 0 && { newestAt }) });

const partsAt = (parts: PartValues, n: number): Parts =>
  Object.fromEntries(Array.from(parts, ([name, values]) => [name, values[n]]));

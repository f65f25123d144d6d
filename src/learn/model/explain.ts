import type { Effect, ExplainQuery, Explanation, ItemExplanation, NamedCause, Parts } from './explanation.ts';
import type { PopularItemsModel, RelatedItemsModel, UserModel } from './item-model.ts';
import { type CauseEffect, explainByLeavingOut, type LogitExplanation } from './leave-out.ts';
import type { ExplainedLogits, PartValues } from './logit-parts.ts';
import { logSumBeside, probability } from './softmax.ts';
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
    items: items.map((item, n) => explanationOf(item, n, explained, model.items, scaleFor(items, item))),
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

/** ln Σ e^logit over the items that the score of one is a share of. */
type Scale = (logits: ExplainedLogits) => number;

/** Explored items are no items of the model: their scores are shares beside it, as in the answer. */
function scaleFor(items: ExplainQuery['items'], { isExplored }: ExplainQuery['items'][number]): Scale {
  if (!isExplored) return ({ logSum }) => logSum;
  return ({ logits, logSum }) =>
    logSumBeside(
      logSum,
      items.flatMap((item, n) => (item.isExplored ? logits[n] : [])),
    );
}

function explanationOf(
  { id: itemId }: ExplainQuery['items'][number],
  n: number,
  { answer, causes }: LogitExplanation,
  ids: Vocabulary,
  scale: Scale,
): ItemExplanation {
  const logit = answer.logits[n];
  if (logit === Number.NEGATIVE_INFINITY) return { itemId, kind: 'unscored' };
  const effects = causes
    .map((effect) => effectOn(n, answer, effect, ids, scale))
    .filter(({ change, lift }) => Math.abs(change) >= leastChange || Math.abs(lift) >= leastChange)
    .sort((a, b) => Math.abs(b.lift) - Math.abs(a.lift))
    .slice(0, mostEffects);
  const logSum = scale(answer);
  const score = probability(logit, logSum);
  return { itemId, kind: 'scored', logit, logSum, score, parts: partsAt(answer.parts, n), effects };
}

function effectOn(
  n: number,
  answer: ExplainedLogits,
  { cause, without }: CauseEffect,
  ids: Vocabulary,
  scale: Scale,
): Effect {
  const [before, after] = [partsAt(answer.parts, n), partsAt(without.parts, n)];
  const names = new Set([...answer.parts.keys(), ...without.parts.keys()]);
  const change = answer.logits[n] - without.logits[n];
  return {
    cause: cause.kind === 'item' ? namedItem(cause, ids) : { kind: cause.kind },
    change,
    parts: Object.fromEntries(Array.from(names, (name) => [name, (before[name] ?? 0) - (after[name] ?? 0)])),
    lift: change - (scale(answer) - scale(without)),
    scoreWithout: probability(without.logits[n], scale(without)),
  };
}

const namedItem = (
  { item, interactions, newestAt }: Extract<CauseEffect['cause'], { readonly kind: 'item' }>,
  ids: Vocabulary,
): NamedCause => ({ kind: 'item', itemId: ids.id(item), interactions, ...(newestAt > 0 && { newestAt }) });

const partsAt = (parts: PartValues, n: number): Parts =>
  Object.fromEntries(Array.from(parts, ([name, values]) => [name, values[n]]));

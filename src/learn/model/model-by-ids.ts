import assert from 'node:assert/strict';
import { explainByRank, explainForUser } from './explain.ts';
import type { ExplainQuery, Explanation } from './explanation.ts';
import { maskOf } from './item-mask.ts';
import type { ItemModel, PopularItemsModel, RankedItems, RelatedItemsModel, UserModel } from './item-model.ts';
import type { DescribedItem, Model, Ranking, RankQuery, RecommendQuery } from './model.ts';
import { probability } from './softmax.ts';
import type { Vocabulary } from './vocabulary.ts';

/** A model that is asked and answers by ids. */
export const byIds = (model: ItemModel): Model =>
  'userOf' in model ? new UserModelByIds(model) : new ListModelByIds(model);

class ListModelByIds implements Model {
  readonly #model: PopularItemsModel | RelatedItemsModel;

  constructor(model: PopularItemsModel | RelatedItemsModel) {
    this.#model = model;
  }

  get bytes(): number {
    return this.#model.bytes;
  }

  get items(): Vocabulary {
    return this.#model.items;
  }

  async recommend({ itemId, count, eligible, influence, candidates }: RecommendQuery): Promise<Ranking> {
    const { items } = this.#model;
    const item = itemId === undefined ? -1 : items.indexOf(itemId);
    return rankingOf(await this.#model.recommend({ item, count, eligible, influence, candidates }), items);
  }

  async explain(query: ExplainQuery): Promise<Explanation> {
    return explainByRank(this.#model, query);
  }

  async rank(): Promise<Ranking> {
    throw new Error('A model that knows no users was asked to put items into the order of one.');
  }
}

class UserModelByIds implements Model {
  readonly #model: UserModel;

  constructor(model: UserModel) {
    this.#model = model;
  }

  get bytes(): number {
    return this.#model.bytes;
  }

  get items(): Vocabulary {
    return this.#model.items;
  }

  async recommend({ count, eligible, extraItems, ...request }: RecommendQuery): Promise<Ranking> {
    const { user, used } = this.#model.userOf(request);
    const ranked = await this.#model.recommend({ user, count, eligible, extraItems });
    return { ...rankingOf(ranked, this.#model.items), history: used };
  }

  async rank({ items: ids, ...request }: RankQuery): Promise<Ranking> {
    const { items } = this.#model;
    const { user, used } = this.#model.userOf(request);
    const list = Array.from(new Set(ids), (id) => ({ id, index: items.indexOf(id) }));
    const isWarm = ({ index }: { readonly index: number }) => this.#isWarm(index);
    const warm = list.filter(isWarm);
    const eligible = maskOf(
      items.size,
      warm.map(({ index }) => index),
    );
    const { items: best, logits } = await this.#model.recommend({ user, count: warm.length, eligible });
    assert(logits && logits.values.length === warm.length, 'Every item with interactions has a logit.');
    const { values, logSum } = logits;
    const logitOf = new Map(Array.from(best, (item, n) => [item, values[n]]));
    // The sort is stable: where logits are equal, the order is that of the list.
    const ordered = warm
      .map(({ id, index }) => ({ id, logit: Number(logitOf.get(index)) }))
      .sort((a, b) => b.logit - a.logit);
    const others = list.filter((each) => !isWarm(each));
    return {
      items: [...ordered, ...others].map(({ id }) => id),
      scores: [...ordered.map(({ logit }) => probability(logit, logSum)), ...others.map(() => null)],
      history: used,
    };
  }

  explain(query: ExplainQuery): Promise<Explanation> {
    const { items } = this.#model;
    if (!query.isRanking) return explainForUser(this.#model, query);
    const warm = query.items.map(({ id }) => items.indexOf(id)).filter((index) => this.#isWarm(index));
    return explainForUser(this.#model, { ...query, eligible: maskOf(items.size, warm) });
  }

  vectorsOf(items: readonly DescribedItem[]): Float32Array {
    return this.#model.vectorsOf(items);
  }

  hasInteractions(id: string): boolean {
    return this.#isWarm(this.#model.items.indexOf(id));
  }

  #isWarm(index: number): boolean {
    return index >= 0 && index < this.#model.warmItems;
  }
}

function rankingOf({ items, logits, candidates }: RankedItems, ids: Vocabulary): Ranking {
  const ranking = { items: Array.from(items, (item) => ids.id(item)), ...(candidates && { candidates }) };
  if (logits === undefined) return ranking;
  const { values, logSum, extra } = logits;
  const scores = ranking.items.map((_, n) => (n < values.length ? probability(values[n], logSum) : null));
  return { ...ranking, scores, ...(extra && { extraScores: { logits: extra, logSum } }) };
}

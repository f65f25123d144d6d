import { NearestSketches } from '../../kernels/nearest-sketches.ts';
import { type ItemMask, isEligible, requireMaskFor } from '../../model/item-mask.ts';
import type { ListRank, RankedItems, RelatedItemsModel } from '../../model/item-model.ts';
import type { RankingInfluence } from '../../model/model.ts';
import { uint8Tensor, uint32Tensor } from '../../model/model-content.ts';
import type { Vocabulary } from '../../model/vocabulary.ts';
import type { LearnedModel, ModelContent } from '../../recipes/recipe.ts';
import { bestOf, boostOf, candidateCount } from './influence.ts';
import { saysNothing } from './profile.ts';
import { copyOf, NearestProfiles, type ProfileArrays, profileAt } from './profiles.ts';

type Query = Parameters<RelatedItemsModel['recommend']>[0];

/** Ranks beyond it are not told. */
const mostRanks = 1000;

/** Items whose texts are similar to those of an item. */
export class SemanticModel implements RelatedItemsModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly #profiles: ProfileArrays;
  readonly #nearest: NearestProfiles;
  readonly #popularity: Uint8Array;
  readonly #freshness: Uint8Array;

  constructor({ items, learned }: ModelContent) {
    this.items = items;
    this.#profiles = profilesIn(learned, items.size);
    const { width, terms, codes } = this.#profiles;
    const termCount = width > 0 ? 0 : uint32Tensor(learned, 'item_terms').length;
    const sketches = new NearestSketches(uint8Tensor(learned, 'sketches'));
    this.#nearest = new NearestProfiles(sketches, { width, termCount });
    this.#popularity = uint8Tensor(learned, 'popularity');
    this.#freshness = uint8Tensor(learned, 'freshness');
    const facts = (4 + 2) * items.size;
    this.bytes = items.bytes + terms.byteLength + codes.byteLength + this.#nearest.bytes + facts;
  }

  /** The most similar items; popular ones where the item is unknown or no other text has anything of its. */
  async recommend(query: Query): Promise<RankedItems> {
    requireMaskFor(this, query);
    const { item, count, eligible, influence, candidates: asked } = query;
    const profile = asked?.profile ?? (item < 0 ? undefined : profileAt(this.#profiles, item));
    if (!profile || saysNothing(profile)) return { items: this.#popular(item, count, eligible) };
    const wanted = asked ? count : candidateCount(count, influence);
    // The item itself may be the most similar one.
    const { rows, cosines } = this.#nearest.find(profile, this.#profiles, wanted + 1, eligible?.words);
    const found = Array.from(rows, (row, n) => ({
      item: row,
      cosine: cosines[n],
      boost: this.#boostOf(row, influence),
    }))
      .filter((candidate) => candidate.item !== item)
      .slice(0, wanted);
    if (!asked) return { items: Uint32Array.from(bestOf(found, count, influence), (best) => best.item) };
    const candidates = {
      profile: copyOf(profile),
      cosines: Float32Array.from(found, ({ cosine }) => cosine),
      boosts: Float32Array.from(found, ({ boost }) => boost),
    };
    return { items: Uint32Array.from(found, (candidate) => candidate.item), candidates };
  }

  rankOf(item: number, beside: number): ListRank | undefined {
    const profile = beside < 0 ? undefined : profileAt(this.#profiles, beside);
    if (!profile || saysNothing(profile)) {
      return { list: 'popular', rank: item + (beside < 0 || item < beside ? 1 : 0) };
    }
    const { rows } = this.#nearest.find(profile, this.#profiles, mostRanks);
    const rank = rows.filter((row) => row !== beside).indexOf(item) + 1;
    return rank > 0 ? { list: 'similar', rank } : undefined;
  }

  #boostOf(item: number, influence: RankingInfluence | undefined): number {
    return boostOf({ popularity: this.#popularity[item], freshness: this.#freshness[item] }, influence);
  }

  /** Items come in the order of their interactions. */
  #popular(item: number, count: number, eligible: ItemMask | undefined): Uint32Array {
    const found: number[] = [];
    for (let other = 0; other < this.items.size && found.length < count; other++) {
      if (other !== item && (eligible === undefined || isEligible(eligible, other))) found.push(other);
    }
    return Uint32Array.from(found);
  }
}

function profilesIn(learned: LearnedModel, size: number): ProfileArrays {
  if (!learned.tensors.codes) {
    const offsets = uint32Tensor(learned, 'term_offsets');
    const terms = uint32Tensor(learned, 'terms');
    return { terms, starts: offsets.subarray(0, size), ends: offsets.subarray(1), codes: new Int8Array(), width: 0 };
  }
  const { buffer, byteOffset, length } = uint8Tensor(learned, 'codes');
  const none = new Uint32Array(size);
  const codes = new Int8Array(buffer, byteOffset, length);
  return { terms: new Uint32Array(), starts: none, ends: none, codes, width: length / size };
}

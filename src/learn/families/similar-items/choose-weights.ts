import { uniforms } from '../../kernels/random.ts';
import { topK } from '../../kernels/top-k.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import { eligibleItems, maskWithout } from '../../model/item-mask.ts';
import { fitBlend, type Observation } from '../blend/blend.ts';
import { improveRanking } from '../blend/blend-ranking.ts';
import type { HeldOutPair } from './held-out-pairs.ts';
import { PairReader, pairFeatures, popularityAt, type Relations } from './relations.ts';

/** Weights of the features of a pair: beside an item with interactions, and beside one without. */
export type PairWeights = { readonly warm: readonly number[]; readonly cold: readonly number[] };

/** Where the search begins, and what is left to tiny data. */
const startOf: Readonly<Record<string, number>> = {
  vectors: 3,
  following: 0.3,
  preceding: 0.2,
  together: 0.2,
  popularity: 0.3,
  new: 1,
  newVectors: 1,
};
const startOfOthers = 0.3;

/** Candidates of a pair: likely ones, and others of the rest that stand for all of it. */
const likely = 200;
const others = 100;
/** With very many items not all pairs are used: scores in all. */
const mostScores = 30_000_000;

/** The weights under which what came next is most probable, or ranked higher if it surely can be. */
export function chooseWeights(relations: Relations, pairs: readonly HeldOutPair[], seed: number): PairWeights {
  const usable = pairs.slice(0, Math.ceil(mostScores / relations.counts.length));
  const start = pairFeatures(relations.signals).map((feature) => startOf[feature] ?? startOfOthers);
  const observations = observe(relations, usable, start, seed);
  const isCold = ({ item }: HeldOutPair) => relations.counts[item] === 0;
  const of = (cold: boolean) => observations.filter((_, n) => isCold(usable[n]) === cold);
  const weigh = (chosen: readonly Observation[], from: readonly number[]) =>
    improveRanking(chosen, fitBlend(chosen, from).weights);
  const warm = weigh(of(false), start);
  return { warm, cold: weigh(of(true), warm) };
}

function observe(
  relations: Relations,
  pairs: readonly HeldOutPair[],
  start: readonly number[],
  seed: number,
): Observation[] {
  const { vectors, counts } = relations;
  const itemCount = counts.length;
  const width = start.length;
  const at = popularityAt(width);
  const reader = new PairReader(relations);
  const ranker = new VectorRanker(vectors.values, vectors.width, false);
  const all = Uint32Array.from(counts.keys());
  const features = new Float32Array(itemCount * width);
  reader.begin(0);
  reader.read(all, features);
  const prior = Float32Array.from(
    all,
    (item) => start[at] * features[item * width + at] + start[at + 1] * features[item * width + at + 1],
  );
  const random = uniforms(seed);
  return pairs.map(({ item, next }) => {
    const touched = reader.begin(item);
    const rough = ranker
      .products(vectors.values.subarray(item * vectors.width, (item + 1) * vectors.width))
      .map((product, other) => (start[0] + (counts[other] > 0 ? 0 : start[at + 2])) * product + prior[other]);
    const signals = new Float32Array(touched.length * width);
    reader.read(touched, signals);
    touched.forEach((other, n) => {
      for (let k = 1; k < at; k++) rough[other] += start[k] * signals[n * width + k];
    });
    const { items, logWeights } = sample(rough, item, next, random);
    const values = new Float32Array(items.length * width);
    reader.read(items, values);
    return { values, logWeights, chosen: [0] };
  });
}

/** What came next first, then what is likely besides, then some of the others. */
function sample(rough: Float32Array, item: number, next: number, random: () => number) {
  const candidates = maskWithout(rough.length, [item, next]);
  const best = topK(rough, likely, candidates.words);
  const rest = eligibleItems(maskWithout(rough.length, [item, next, ...best]));
  const drawn =
    rest.length <= others ? rest : Uint32Array.from({ length: others }, () => rest[Math.floor(random() * rest.length)]);
  const items = Uint32Array.of(next, ...best, ...drawn);
  const logWeights = new Float32Array(items.length).fill(Math.log(Math.max(1, rest.length / others)), 1 + best.length);
  return { items, logWeights };
}

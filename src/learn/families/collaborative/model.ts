import { noHistory } from '../../histories/histories.ts';
import { FoldIn } from '../../kernels/fold-in.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import type { UserModel } from '../../model/item-model.ts';
import { KnownUsers } from '../../model/known-users.ts';
import { LogitModel } from '../../model/logit-model.ts';
import { leastOf, popularityParts } from '../../model/logit-parts.ts';
import { constant, float32Tensor, uint32Tensor } from '../../model/model-content.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { objectiveOf } from './objective.ts';
import { userFactors } from './user-factors.ts';

/** Ranks by factors × history and popularity; the weights of the two make the logits. */
export function openCollaborative({ items, users, learned }: ModelContent): UserModel {
  const itemFactors = float32Tensor(learned, 'item_factors');
  const popularity = float32Tensor(learned, 'log_popularity');
  const unknownUser = float32Tensor(learned, 'log_popularity_unknown_user');
  const historyOffsets = uint32Tensor(learned, 'history_offsets');
  const historyItems = uint32Tensor(learned, 'history_items');
  const factors = itemFactors.length / items.size;
  const foldIn = new FoldIn({ ...objectiveOf(learned), itemFactors, factors });
  const ranker = new VectorRanker(itemFactors, factors);
  const factorsWeight = constant(learned, 'factors_weight');
  const popularityWeight = constant(learned, 'popularity_weight');
  const historyLength = constant(learned, 'history_length');
  const prior = popularity.map((logShare) => popularityWeight * logShare);
  const coldLogit = leastOf(prior);
  const leastUnknown = leastOf(unknownUser);
  const noFactors = new Float32Array(factors);
  const held = [itemFactors, prior, unknownUser, historyOffsets, historyItems];
  return new LogitModel({
    items,
    users: new KnownUsers({
      users,
      indexOf: (item) => items.indexOf(item),
      historyOf(user) {
        const known = historyItems.subarray(historyOffsets[user], historyOffsets[user + 1]);
        // The order is all that this model asks of time.
        return { ...noHistory, items: known, timestamps: new Float64Array(known.length) };
      },
    }),
    warmItems: constant(learned, 'interacted_items'),
    rankedItems: items.size,
    bytes: ranker.bytes + foldIn.bytes + held.reduce((sum, array) => sum + array.byteLength, 0),
    itemVectors: itemFactors,
    coldLogit,
    ranker,
    vectorsOf: (queries) =>
      queries.map(({ history }) =>
        history.items.length === 0
          ? noFactors
          : userFactors(foldIn, history.items, historyLength).map((factor) => factorsWeight * factor),
      ),
    begin: ({ history }, logits) => logits.set(history.items.length === 0 ? unknownUser : prior),
    vectorPart: 'factors',
    beginParts: ({ history }, rows) =>
      history.items.length === 0
        ? popularityParts(unknownUser, leastUnknown, rows)
        : popularityParts(prior, coldLogit, rows),
  });
}

import { type History, sliceHistory } from '../../histories/histories.ts';
import { settleTies } from '../../histories/tie-order.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import type { UserModel } from '../../model/item-model.ts';
import { KnownUsers } from '../../model/known-users.ts';
import { LogitModel } from '../../model/logit-model.ts';
import { leastOf, type PartName, popularityParts } from '../../model/logit-parts.ts';
import { rankerOfManyFor } from '../../model/many-queries.ts';
import {
  constant,
  float32Tensor,
  float64Tensor,
  tensorBytes,
  uint8Tensor,
  uint32Tensor,
} from '../../model/model-content.ts';
import type { LearnedModel, ModelContent } from '../../recipes/recipe.ts';
import type { SparseItemRows } from '../item-pairs/item-rows.ts';
import type { BlendFeature } from './choose-blend.ts';
import { openForward } from './encoder/forward.ts';
import { itemTable, itemWeight, vectorOfNew } from './encoder/item-vectors.ts';
import { type SignalKind, SignalReader, signalKinds } from './signals/item-signals.ts';

/** A logit is the sum of some features by their weights: user · item vectors, item-item signals, popularity. */
export async function openTransformer({ items, users, learned: all, answersMany }: ModelContent): Promise<UserModel> {
  const learned = withoutSignals(all);
  const itemVectors = float32Tensor(learned, itemTable);
  const width = itemVectors.length / items.size;
  const forward = await openForward(learned, width, answersMany);
  const ranker = new VectorRanker(itemVectors, width);
  const rankerOfMany = await rankerOfManyFor(ranker, itemVectors, width, answersMany);
  const reader = readerOf(all, items.size);
  const weightOf = (feature: BlendFeature) => constant(learned, `${feature}_weight`);
  const [encoder, popular] = [weightOf('encoder'), weightOf('popularity')];
  const signals = signalKinds.map((kind) => ({ kind, weight: weightOf(kind) })).filter(({ weight }) => weight > 0);
  const prior = float32Tensor(learned, 'log_popularity').map((logShare) => popular * logShare);
  const noVector = new Float32Array(width);
  const unknownUser = float32Tensor(learned, 'log_popularity_unknown_user');
  const [coldLogit, leastUnknown] = [leastOf(prior), leastOf(unknownUser)];
  const warmItems = constant(learned, 'interacted_items');
  // Of items without interactions only metadata can tell.
  const rankedItems = learned.tensors[itemWeight] === undefined ? warmItems : items.size;
  const indexOf = (id: string) => {
    const item = items.indexOf(id);
    return item < rankedItems ? item : -1;
  };
  return new LogitModel({
    items,
    users: new KnownUsers({ users, historyOf: historiesOf(learned), columns: learned.columns, indexOf }),
    warmItems,
    rankedItems,
    bytes: tensorBytes(learned) + ranker.bytes + reader.bytes + prior.byteLength,
    itemVectors,
    vectorOfNew: vectorOfNew(learned),
    coldLogit,
    ranker,
    rankerOfMany,
    async vectorsOf(queries) {
      const known = queries.filter(({ history }) => history.items.length > 0);
      const vectors = await forward(known.map((query) => ({ ...query, history: settleTies(query.history) })));
      return queries.map((query) => vectors[known.indexOf(query)]?.map((value) => encoder * value) ?? noVector);
    },
    begin({ history }, logits) {
      if (history.items.length === 0) return logits.set(unknownUser);
      const { items: ofHistory } = settleTies(history);
      reader.logits.set(prior);
      for (const { kind, weight } of signals) reader.add(kind, ofHistory, weight);
      logits.set(reader.logits);
    },
    vectorPart: 'encoder',
    beginParts({ history }, rows) {
      if (history.items.length === 0) return popularityParts(unknownUser, leastUnknown, rows);
      const { items: ofHistory } = settleTies(history);
      const { base, values: popularity } = popularityParts(prior, coldLogit, rows);
      const values = new Map<PartName, Float32Array>(popularity);
      for (const { kind, weight } of signals) {
        reader.logits.fill(0);
        reader.add(kind, ofHistory, weight);
        values.set(
          kind,
          Float32Array.from(rows, (row) => reader.logits[row]),
        );
      }
      return { base, values };
    },
  });
}

/** The reader has a copy of the signals, so that what was read from the file is freed. */
const withoutSignals = (learned: LearnedModel): LearnedModel => ({
  ...learned,
  tensors: Object.fromEntries(
    Object.entries(learned.tensors).filter(([name]) => !signalKinds.some((kind) => name.startsWith(`${kind}_`))),
  ),
});

const readerOf = (learned: LearnedModel, itemCount: number) =>
  new SignalReader(
    {
      transitions: rowsOf(learned, 'transitions'),
      companions: rowsOf(learned, 'companions'),
      neighbours: rowsOf(learned, 'neighbours'),
    },
    itemCount,
  );

const rowsOf = (learned: LearnedModel, kind: SignalKind): SparseItemRows => ({
  offsets: uint32Tensor(learned, `${kind}_offsets`),
  indices: uint32Tensor(learned, `${kind}_items`),
  values: float32Tensor(learned, `${kind}_values`),
});

function historiesOf(learned: LearnedModel): (user: number) => History {
  const offsets = uint32Tensor(learned, 'history_offsets');
  const items = uint32Tensor(learned, 'history_items');
  const timestamps = float64Tensor(learned, 'history_times');
  const codes = (learned.columns ?? []).map((_, column) => uint8Tensor(learned, `history_codes_${column}`));
  return (user) => ({ ...sliceHistory({ items, timestamps, codes }, offsets[user], offsets[user + 1]), user });
}

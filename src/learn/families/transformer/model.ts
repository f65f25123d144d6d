import { type History, sliceHistory } from '../../histories/histories.ts';
import { settleTies } from '../../histories/tie-order.ts';
import { VectorRanker } from '../../kernels/vector-ranker.ts';
import { LogitModel } from '../../model/logit-model.ts';
import {
  constant,
  float32Tensor,
  float64Tensor,
  tensorBytes,
  uint8Tensor,
  uint32Tensor,
} from '../../model/model-content.ts';
import type { LearnedModel, ModelContent, RecipeModel } from '../../recipes/recipe.ts';
import type { Part } from './choose-blend.ts';
import { openForward } from './encoder/forward.ts';
import type { SparseItemRows } from './encoder/item-rows.ts';
import { itemTable, itemWeight, vectorOfNew } from './encoder/item-vectors.ts';
import { type SignalKind, SignalReader, signalKinds } from './signals/item-signals.ts';

/** A logit is the sum of some parts by their weights: user · item vectors, item-item signals, popularity. */
export async function openTransformer({ items, users, learned: all }: ModelContent): Promise<RecipeModel> {
  const learned = withoutSignals(all);
  const itemVectors = float32Tensor(learned, itemTable);
  const width = itemVectors.length / items.size;
  const forward = await openForward(learned, width);
  const ranker = new VectorRanker(itemVectors, width);
  const reader = readerOf(all, items.size);
  const weightOf = (part: Part) => constant(learned, `${part}_weight`);
  const [encoder, popular] = [weightOf('encoder'), weightOf('popularity')];
  const signals = signalKinds.map((kind) => ({ kind, weight: weightOf(kind) })).filter(({ weight }) => weight > 0);
  const prior = float32Tensor(learned, 'log_popularity').map((logShare) => popular * logShare);
  const noVector = new Float32Array(width);
  const unknownUser = float32Tensor(learned, 'log_popularity_unknown_user');
  const interacted = constant(learned, 'interacted_items');
  return new LogitModel({
    items,
    users,
    columns: learned.columns,
    interacted,
    // Items without interactions are known by metadata only.
    scored: learned.tensors[itemWeight] === undefined ? interacted : items.size,
    bytes: tensorBytes(learned) + ranker.bytes + reader.bytes + prior.byteLength,
    historyOf: historiesOf(learned),
    itemVectors,
    vectorOfNew: vectorOfNew(learned),
    cold: prior.reduce((least, logit) => Math.min(least, logit), 0),
    ranker,
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

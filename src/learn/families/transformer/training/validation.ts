import type { Features } from '../../../features/column.ts';
import { sliceHistory } from '../../../histories/histories.ts';
import type { InteractionColumn } from '../../../histories/interaction-columns.ts';
import { countAtLeast } from '../../../kernels/count-at-least.ts';
import { gather, input, type Scope, type Trainer } from '../../../tensor/index.ts';
import type { Configuration } from '../encoder/architecture.ts';
import { emptyColumnFeeds, setCondition, setHappened } from '../encoder/column-inputs.ts';
import { encode } from '../encoder/encoder.ts';
import type { ItemVectors } from '../encoder/item-vectors.ts';
import { gapsOf } from '../encoder/time-gaps.ts';
import type { HeldOut } from './holdout.ts';
import { positionInputs, userFeeds } from './step.ts';

/** Scores of a batch of users in memory at a time. */
const mostScores = 4_000_000;
const mostRows = 64;
/** Scores in all of one validation: with very many items fewer users are asked. */
const mostScoresInAll = 2 ** 30;
const fewestExamples = 64;
const cutOff = 10;

/** How well the encoder predicts what is held out, as it is at the moment of the call. */
export type Validation = {
  /** Mean NDCG@10 over the examples by their weights, what is no candidate left out. */
  ndcg(): Promise<number>;
  /** The user's vector for each example. */
  vectors(): Promise<readonly Float32Array[]>;
  release(): Promise<void>;
};

export async function openValidation(
  {
    scope,
    vectors: items,
    itemCount,
    columns,
    userFeatures,
    trainer,
    configuration,
  }: {
    readonly scope: Scope;
    readonly vectors: ItemVectors;
    readonly itemCount: number;
    readonly columns: readonly InteractionColumn[];
    readonly userFeatures?: Features | undefined;
    readonly trainer: Trainer;
    readonly configuration: Configuration;
  },
  examples: readonly HeldOut[],
): Promise<Validation> {
  const { architecture, optimiserSettings } = configuration;
  const rows = Math.max(1, Math.min(mostRows, Math.floor(mostScores / itemCount)));
  const evaluated = examples.slice(0, Math.max(fewestExamples, Math.floor(mostScoresInAll / itemCount)));
  const shape = [rows, architecture.length];
  const vectors = items.of(input('items', shape, 'int32'));
  const hidden = gather(
    encode(scope, { vectors, ...positionInputs(shape, columns, userFeatures) }, architecture, optimiserSettings),
    input('last', [rows], 'int32'),
  );
  const always = { ...items.feedsOfAll, ...userFeeds(userFeatures) };
  const forward = await trainer.evaluator({ hidden });
  const scoring = await trainer.evaluator({ scores: items.scores(hidden) });
  return {
    async ndcg() {
      let sum = 0;
      for (let begin = 0; begin < evaluated.length; begin += rows) {
        const batch = evaluated.slice(begin, begin + rows);
        const { scores } = await scoring.run({
          ...feedsOf(batch, rows, architecture.length, columns),
          ...always,
        });
        for (const [n, example] of batch.entries()) {
          const rank = rankOf(example, scores.subarray(n * itemCount, (n + 1) * itemCount));
          if (rank <= cutOff) sum += example.weight / Math.log2(1 + rank);
        }
      }
      return (
        sum /
        Math.max(
          evaluated.reduce((weight, example) => weight + example.weight, 0),
          Number.MIN_VALUE,
        )
      );
    },
    async vectors() {
      const found: Float32Array[] = [];
      for (let begin = 0; begin < examples.length; begin += rows) {
        const batch = examples.slice(begin, begin + rows);
        const { hidden: all } = await forward.run({
          ...feedsOf(batch, rows, architecture.length, columns),
          ...always,
        });
        for (const n of batch.keys()) found.push(all.slice(n * architecture.width, (n + 1) * architecture.width));
      }
      return found;
    },
    async release() {
      await forward.release();
      await scoring.release();
    },
  };
}

/** One example a row, its newest interactions from the row's start. */
function feedsOf(examples: readonly HeldOut[], rows: number, length: number, columns: readonly InteractionColumn[]) {
  const integers = () => new Int32Array(rows * length);
  const feeds = {
    users: integers(),
    items: integers(),
    positions: integers(),
    gaps: integers(),
    segments: integers(),
    last: new Int32Array(rows),
    ...emptyColumnFeeds(columns, rows * length),
  };
  for (const [row, { user, input: history, condition }] of examples.entries()) {
    const { items, timestamps, codes } = sliceHistory(history, -length);
    feeds.items.set(items, row * length);
    feeds.gaps.set(gapsOf(timestamps), row * length);
    for (let n = 0; n < items.length; n++) feeds.positions[row * length + n] = n;
    const last = row * length + Math.max(items.length - 1, 0);
    feeds.last[row] = last;
    feeds.users[last] = user;
    setHappened(feeds, columns, codes, row * length);
    setCondition(feeds, columns, condition, last);
  }
  return feeds;
}

/** Of the answer among the candidates; of equal scores it comes last. */
function rankOf({ truth, excluded }: HeldOut, scores: Float32Array): number {
  const own = scores[truth];
  let rank = countAtLeast(scores, own);
  for (const item of excluded) if (item !== truth && scores[item] >= own) rank--;
  return rank;
}

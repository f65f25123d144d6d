import type { Features } from '../../features/column.ts';
import type { ActionHistories } from '../../histories/action-data.ts';
import type { Exposures } from '../../histories/exposures.ts';
import type { Histories } from '../../histories/histories.ts';
import { addItem, type ItemVectors } from './item-vectors.ts';
import type { RegressionRows } from './regression.ts';
import { answerWidth, type ExpectedAnswers, pairWidth, UserState } from './user-state.ts';

/** The parts of a row, after its 1: what the user had, who the user is, how the user answers, and answered this. */
export type RowLayout = {
  readonly itemWidth: number;
  /** Of the vectors of items, those that are by who had them. */
  readonly factors: number;
  readonly userWidth: number;
  readonly answerFactors: number;
};

/** Added to the number of items when their vectors are averaged: few items say little. */
const supposedItems = 5;
/** How many items a user had, and whether there are any. */
const itemCounts = 2;

/** Where each part of a row begins. */
export function partsOf({ itemWidth, userWidth, answerFactors }: RowLayout) {
  const items = 1;
  const user = items + itemWidth + itemCounts;
  const answers = user + userWidth;
  const pair = answers + answerWidth + answerFactors;
  return { items, user, answers, pair, width: pair + pairWidth };
}

/** Writes what a user's items say: their directions, those of metadata apart, and how many there are. */
export function writeItems({ itemWidth }: RowLayout, sums: Float32Array, target: Float32Array, at: number): void {
  const scale = 1 / (supposedItems + sums[itemWidth]);
  for (let n = 0; n < itemWidth; n++) target[at + n] = scale * sums[n];
  const count = sums[itemWidth];
  target[at + itemWidth] = Math.log1p(count);
  target[at + itemWidth + 1] = count > 0 ? 1 : 0;
}

/** What rows are made from; users are those of both histories. */
export type RowSource = {
  readonly layout: RowLayout;
  readonly histories: Histories;
  readonly itemVectors: ItemVectors;
  readonly userFeatures: Features | undefined;
  readonly actions: ActionHistories;
  readonly expected: ExpectedAnswers;
  readonly periodSeconds: number;
};

/** A row for each exposure, of what was known just before it. */
export function rowsOf(
  { layout, histories, itemVectors, userFeatures, actions, expected, periodSeconds }: RowSource,
  exposures: Exposures,
): Pick<RegressionRows, 'count' | 'width' | 'features'> {
  const parts = partsOf(layout);
  const count = exposures.users.length;
  const features = new Float32Array(count * parts.width);
  const state = new UserState(expected, periodSeconds);
  const sums = new Float32Array(layout.itemWidth + 1);
  let [user, event, item] = [-1, 0, 0];
  for (let row = 0; row < count; row++) {
    if (exposures.users[row] !== user) {
      user = exposures.users[row];
      event = actions.starts[user];
      item = histories.starts[user];
      state.clear();
      sums.fill(0);
    }
    for (; event < exposures.events[row]; event++)
      state.add(actions.actions[event], actions.timestamps[event], actions.types[event]);
    const now = exposures.timestamps[row];
    for (; item < histories.ends[user] && histories.timestamps[item] < now; item++)
      addItem(sums, itemVectors, histories.items[item]);
    const at = row * parts.width;
    features[at] = 1;
    writeItems(layout, sums, features, at + parts.items);
    for (let n = 0; userFeatures && n < layout.userWidth; n++)
      features[at + parts.user + n] = userFeatures.values[user * layout.userWidth + n];
    state.writeAnswers(features, at + parts.answers);
    state.writePair(features, at + parts.pair, exposures.actions[row], now);
  }
  return { count, width: parts.width, features };
}

/** What rows are centred on and divided by, and the least and greatest value of each feature. */
export type RowScale = {
  readonly means: Float32Array;
  readonly scales: Float32Array;
  readonly least: Float32Array;
  readonly greatest: Float32Array;
};

/**
 * The features of one part that come from one decomposition, or of one kind of metadata, keep their proportions, so
 * that directions which matter little stay small; every other feature is brought to variance 1.
 */
export function scaleOf(
  { count, width, features }: Pick<RegressionRows, 'count' | 'width' | 'features'>,
  layout: RowLayout,
): RowScale {
  const means = new Float32Array(width);
  const deviations = new Float64Array(width);
  const least = new Float32Array(width).fill(1);
  const greatest = new Float32Array(width).fill(1);
  for (let n = 1; n < width; n++) {
    let [sum, squares, low, high] = [0, 0, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let row = 0; row < count; row++) {
      const value = features[row * width + n];
      sum += value;
      squares += value ** 2;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    means[n] = sum / Math.max(count, 1);
    least[n] = low;
    greatest[n] = high;
    deviations[n] = Math.sqrt(Math.max(squares / Math.max(count, 1) - means[n] ** 2, 0));
  }
  const scales = Float32Array.from(deviations, (deviation) => (deviation > 1e-6 ? 1 / deviation : 0));
  for (const [begin, end] of blocksOf(layout)) {
    const greatest = deviations.subarray(begin, end).reduce((most, deviation) => Math.max(most, deviation), 0);
    scales.fill(greatest > 1e-6 ? 1 / greatest : 0, begin, end);
  }
  scales[0] = 1;
  // Where few rows lack items, variance 1 would let these few decide what is said of all who have none.
  const hasItems = partsOf(layout).user - 1;
  if (scales[hasItems] > 0) scales[hasItems] = 1;
  return { means, scales, least, greatest };
}

function blocksOf(layout: RowLayout): readonly (readonly [begin: number, end: number])[] {
  const { items, user, answers } = partsOf(layout);
  const answerVector = answers + answerWidth;
  return [
    [items, items + layout.factors],
    [items + layout.factors, items + layout.itemWidth],
    [user, user + layout.userWidth],
    [answerVector, answerVector + layout.answerFactors],
  ];
}

/** Centres and divides rows, in place. */
export function scaleRows(
  { count, width, features }: Pick<RegressionRows, 'count' | 'width' | 'features'>,
  scale: RowScale,
): void {
  for (let row = 0; row < count; row++) {
    for (let n = 1; n < width; n++) {
      const at = row * width + n;
      features[at] = (features[at] - scale.means[n]) * scale.scales[n];
    }
  }
}

/** Brings features within what the training has seen: nothing is said of what lies beyond. */
export function limitRow(
  row: Float32Array,
  { least, greatest }: Pick<RowScale, 'least' | 'greatest'>,
  from: number,
): void {
  for (let n = from; n < row.length; n++) row[n] = Math.min(Math.max(row[n], least[n]), greatest[n]);
}

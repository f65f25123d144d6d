import { personOf } from '../../../data/identity.ts';
import type { ActionModel, ActionUser, PropensityQuery } from '../../model/action-model.ts';
import { constant, float32Tensor, tensorBytes, uint8Tensor } from '../../model/model-content.ts';
import { Vocabulary } from '../../model/vocabulary.ts';
import type { ModelContent } from '../../recipes/recipe.ts';
import { limitRow, partsOf, type RowLayout, writeItems } from './feature-rows.ts';
import { addItem, sumItems } from './item-vectors.ts';
import { sigmoid } from './regression.ts';
import { type ExpectedAnswers, UserState } from './user-state.ts';

const day = 86_400;

/** @throws Error if the content is not what the recipe writes */
export const openActions = (content: ModelContent): ActionModel =>
  content.learned.tensors.coefficients ? new PropensityModel(content) : new UnscoredModel(content);

/** Of data in which no action has enough interactions: no propensity is known. */
class UnscoredModel implements ActionModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly actions: Vocabulary;
  readonly isScored: Uint8Array;

  constructor({ learned, items, actions }: ModelContent) {
    this.isScored = uint8Tensor(learned, 'is_scored');
    this.items = items;
    this.actions = actions ?? Vocabulary.of([]);
    this.bytes = items.bytes + this.actions.bytes;
  }

  itemSums(): Float32Array {
    return new Float32Array();
  }

  userOf({ events, now }: PropensityQuery): ActionUser {
    return { itemSums: new Float32Array(), events, now };
  }

  propensities(): Float32Array {
    return new Float32Array(this.isScored.length);
  }
}

/** Chances by the coefficients of each action and the row of what is known of the user. */
class PropensityModel implements ActionModel {
  readonly bytes: number;
  readonly items: Vocabulary;
  readonly actions: Vocabulary;
  readonly isScored: Uint8Array;
  readonly #users: Vocabulary;
  readonly #layout: RowLayout;
  readonly #coefficients: Float32Array;
  readonly #itemVectors: { readonly values: Float32Array; readonly width: number };
  readonly #expected: ExpectedAnswers;
  readonly #sums: Float32Array | undefined;
  readonly #features: Float32Array | undefined;
  readonly #limits: { readonly least: Float32Array; readonly greatest: Float32Array };
  readonly #state: UserState;
  readonly #row: Float32Array;

  constructor({ learned, items, actions, users }: ModelContent) {
    const find = (name: string) => (learned.tensors[name] ? float32Tensor(learned, name) : undefined);
    this.isScored = uint8Tensor(learned, 'is_scored');
    this.items = items;
    this.actions = actions ?? Vocabulary.of([]);
    this.#users = users ?? Vocabulary.of([]);
    const count = this.isScored.length;
    const values = float32Tensor(learned, 'item_vectors');
    this.#itemVectors = { values, width: values.length / Math.max(items.size, 1) };
    const vectors = float32Tensor(learned, 'answer_vectors');
    this.#expected = { rates: float32Tensor(learned, 'answer_rates'), vectors, width: vectors.length / count };
    this.#layout = {
      itemWidth: this.#itemVectors.width,
      factors: constant(learned, 'item_factors'),
      userWidth: constant(learned, 'user_width'),
      answerFactors: this.#expected.width,
    };
    this.#coefficients = float32Tensor(learned, 'coefficients');
    this.#limits = {
      least: float32Tensor(learned, 'least_features'),
      greatest: float32Tensor(learned, 'greatest_features'),
    };
    this.#sums = find('user_item_sums');
    this.#features = find('user_features');
    this.#state = new UserState(this.#expected, day * constant(learned, 'period_days'));
    this.#row = new Float32Array(partsOf(this.#layout).width);
    this.bytes = tensorBytes(learned) + items.bytes + this.actions.bytes + this.#users.bytes;
  }

  itemSums(history: Parameters<ActionModel['itemSums']>[0]): Float32Array {
    return sumItems(this.#itemVectors, history);
  }

  /** Users unknown at training time have only their recent events. */
  userOf({ userId: id, streamed = {}, events, now }: PropensityQuery): ActionUser {
    const { userId, recent } = personOf(streamed, this.#users.indexOf(id) >= 0) ?? { userId: id };
    const user = this.#users.indexOf(userId);
    const { itemWidth, userWidth } = this.#layout;
    const sums = new Float32Array(itemWidth + 1);
    if (user >= 0 && this.#sums) sums.set(this.#sums.subarray(user * (itemWidth + 1), (user + 1) * (itemWidth + 1)));
    for (const itemId of recent?.items ?? []) {
      const item = this.items.indexOf(itemId);
      if (item >= 0) addItem(sums, this.#itemVectors, item);
    }
    const features = user < 0 ? undefined : this.#features?.subarray(user * userWidth, (user + 1) * userWidth);
    return { itemSums: sums, features, events, now };
  }

  propensities({ itemSums, features, events, now }: ActionUser): Float32Array {
    const row = this.#row;
    const parts = partsOf(this.#layout);
    const state = this.#state;
    state.clear();
    events.actions.forEach((action, n) => {
      state.add(action, events.timestamps[n], events.types[n]);
    });
    row.fill(0);
    row[0] = 1;
    writeItems(this.#layout, itemSums, row, parts.items);
    if (features) row.set(features, parts.user);
    state.writeAnswers(row, parts.answers);
    limitRow(row, this.#limits, 0);
    return Float32Array.from(this.isScored, (isScored, action) => {
      if (isScored === 0) return 0;
      state.writePair(row, parts.pair, action, now);
      limitRow(row, this.#limits, parts.pair);
      let logit = 0;
      const at = action * parts.width;
      for (let n = 0; n < parts.width; n++) logit += row[n] * this.#coefficients[at + n];
      return sigmoid(logit);
    });
  }
}

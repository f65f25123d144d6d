import type { ActionModel } from './action-model.ts';
import type { Model } from './model.ts';

/** A model of actions as scoring threads hold it. It has no lists of items. */
export const actionsByIds = (model: ActionModel): Model => ({
  bytes: model.bytes,
  items: model.items,
  propensities: async (query) => model.propensities(model.userOf(query)),
  recommend: noItems,
  rank: noItems,
  explain: noItems,
});

async function noItems(): Promise<never> {
  throw new Error('A model of actions was asked about items.');
}

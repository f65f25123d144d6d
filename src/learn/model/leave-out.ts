import type { History } from '../histories/histories.ts';
import type { ItemMask } from './item-mask.ts';
import type { UserModel, UserQuery } from './item-model.ts';
import type { ExplainedItem, ExplainedLogits } from './logit-parts.ts';

/** Something that an answer was made from and that can be left out. */
export type Cause =
  /** All interactions of the user with one item. */
  | {
      readonly kind: 'item';
      readonly item: number;
      readonly interactions: number;
      /** Seconds since the epoch; 0 where the model keeps no times. */
      readonly newestAt: number;
    }
  /** What the Users dataset says of the user. */
  | { readonly kind: 'user' }
  /** The context of the request. */
  | { readonly kind: 'context' };

/** How the logits of some items come about. */
export type LogitExplanation = {
  readonly answer: ExplainedLogits;
  readonly causes: readonly CauseEffect[];
  /** Items of the history that are older than those that were left out, one after the other. */
  readonly older: number;
};

/** The model's answer to the same query without a cause. */
export type CauseEffect = { readonly cause: Cause; readonly without: ExplainedLogits };

/** Newest items of a history that are left out. Models read no more of it. */
const mostItems = 200;
/** Queries that an encoder answers in one run. */
const together = 8;

/**
 * Explains logits by asking the model again without each item of the history, the user's metadata and the context. The
 * changes are the model's own: nothing is estimated. They need not add up, as two items may say the same.
 */
export async function explainByLeavingOut(
  model: Pick<UserModel, 'explain'>,
  user: UserQuery,
  items: readonly ExplainedItem[],
  eligible?: ItemMask,
): Promise<LogitExplanation> {
  const { causes, older } = causesOf(user);
  const queries = causes.map((cause) => withoutCause(user, cause));
  // Alone, as a request is: with others an encoder rounds differently.
  const [answer] = await model.explain([user], items, eligible);
  const others: ExplainedLogits[] = [];
  for (let begin = 0; begin < queries.length; begin += together) {
    others.push(...(await model.explain(queries.slice(begin, begin + together), items, eligible)));
  }
  return { answer, causes: causes.map((cause, n) => ({ cause, without: others[n] })), older };
}

/** Newest items first. */
function causesOf({ history, condition }: UserQuery): { readonly causes: Cause[]; readonly older: number } {
  const { items, timestamps } = history;
  const byItem = new Map<number, { interactions: number; newestAt: number }>();
  for (let n = items.length - 1; n >= 0; n--) {
    const { interactions, newestAt } = byItem.get(items[n]) ?? { interactions: 0, newestAt: timestamps[n] };
    byItem.set(items[n], { interactions: interactions + 1, newestAt });
  }
  const causes: Cause[] = [...byItem].slice(0, mostItems).map(([item, facts]) => ({ kind: 'item', item, ...facts }));
  if (history.user !== undefined && items.length > 0) causes.push({ kind: 'user' });
  if (condition.some((code) => code !== 0)) causes.push({ kind: 'context' });
  return { causes, older: Math.max(0, byItem.size - mostItems) };
}

function withoutCause(user: UserQuery, cause: Cause): UserQuery {
  switch (cause.kind) {
    case 'item':
      return { ...user, history: withoutItem(user.history, cause.item) };
    case 'user':
      return { ...user, history: { ...user.history, user: undefined } };
    case 'context':
      return { ...user, condition: new Uint8Array(user.condition.length) };
  }
}

function withoutItem({ user, items, timestamps, codes }: History, item: number): History {
  const kept = Uint32Array.from(items.keys()).filter((n) => items[n] !== item);
  return {
    user,
    items: kept.map((n) => items[n]),
    timestamps: Float64Array.from(kept, (n) => timestamps[n]),
    codes: codes.map((column) => Uint8Array.from(kept, (n) => column[n])),
  };
}

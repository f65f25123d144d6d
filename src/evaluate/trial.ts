import { type LearnedFeatures, selectRows } from '../learn/features/learn-features.ts';
import {
  allUsers,
  copyOf,
  type Histories,
  type History,
  historyOf,
  selectSlices,
  sliceHistory,
} from '../learn/histories/histories.ts';
import { drawAllTies } from '../learn/histories/tie-order.ts';
import { uniforms } from '../learn/kernels/random.ts';
import type { Query } from '../learn/metrics/split.ts';
import { Vocabulary } from '../learn/model/vocabulary.ts';
import type { Protocol, QueryKind, QueryRange } from './protocols/protocol.ts';
import type { Events } from './readers/events.ts';
import type { ItemRecords } from './readers/item-records.ts';

const nothing = new Uint32Array();

/** A division of the events as models are given it. */
export type Trial = {
  /** What models learn from: users with training interactions alone. */
  readonly training: Histories;
  /**
   * What models rank, as in a training of the service: most interactions first, ties by id; then items of the items
   * file without any.
   */
  readonly items: Vocabulary;
  /** How many training interactions each item has. */
  readonly counts: Uint32Array;
  readonly queries: Readonly<Partial<Record<QueryKind, readonly TrialQuery[]>>>;
  /** What metadata says of the items, and of the users of `training`, in their order. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
  readonly itemRecords?: ItemRecords | undefined;
};

/** A query, and the items that its ranking must not hold. */
export type TrialQuery = Query & { readonly excluded: Uint32Array };

/**
 * What a protocol and a seed make of the events. Indexes of items are given out by the training interactions alone, so
 * that a tie broken by index is broken by popularity and not by what is to be found. An item to be found that cannot be
 * ranked has an index beyond those of the items.
 */
export function prepareTrial(events: Events, protocol: Protocol, seed: number): Trial {
  const { items, listed, itemFeatures, userFeatures, itemRecords } = events;
  const split = protocol.split(events, seed);
  const histories = split.histories ?? events.histories;
  const counts = countItems(histories, split.training, items.size);
  const byPopularity = Uint32Array.from({ length: items.size }, (_, item) => item).sort(
    (a, b) => counts[b] - counts[a] || a - b,
  );
  const ranked = byPopularity.filter((item) => counts[item] > 0 || listed[item] === 1);
  const unranked = byPopularity.filter((item) => counts[item] === 0 && listed[item] !== 1);
  const index = new Uint32Array(items.size);
  for (const [rank, item] of [...ranked, ...unranked].entries()) index[item] = rank;

  const users = allUsers(histories).filter((user) => split.training[user] > 0);
  const rowOf = new Map(Array.from(users, (user, row) => [user, row]));
  const isTrained = (item: number) => item < ranked.length && counts[ranked[item]] > 0;
  const inputOf = knownHistories(histories, index, ranked.length);
  const query = ({ user, since = 0, from, to }: QueryRange): Query => {
    const asked = historyOf(histories, user)
      .items.subarray(from, to)
      .map((item) => index[item]);
    return {
      input: { ...inputOf(user, since, from), user: rowOf.get(user) },
      truth: new Set(protocol.onlyTrainedItems ? asked.filter(isTrained) : asked),
    };
  };
  const trained = Uint32Array.from({ length: ranked.filter((item) => counts[item] > 0).length }, (_, item) => item);
  const queryOf = (kind: string) => (range: QueryRange) => {
    const asked = query(range);
    return { ...asked, excluded: kind === 'cold' ? trained : protocol.keepsSeen ? nothing : asked.input.items };
  };
  const queries = Object.entries(split.queries).map(
    ([kind, ranges]) => [kind, ranges.map(queryOf(kind)).filter(({ truth }) => truth.size > 0)] as const,
  );
  return {
    training: trainingHistories(histories, split.training, users, index, seed),
    items: Vocabulary.of(Array.from(ranked, (item) => items.id(item))),
    counts: ranked.map((item) => counts[item]),
    queries: Object.fromEntries(queries),
    itemFeatures: itemFeatures && selectRows(itemFeatures, ranked),
    userFeatures: userFeatures && selectRows(userFeatures, users),
    itemRecords: itemRecords && { ...itemRecords, rows: Array.from(ranked, (item) => itemRecords.rows[item]) },
  };
}

function countItems(histories: Histories, lengths: Uint32Array, items: number): Uint32Array {
  const counts = new Uint32Array(items);
  lengths.forEach((length, user) => {
    for (const item of historyOf(histories, user).items.subarray(0, length)) counts[item] += 1;
  });
  return counts;
}

/**
 * Gives the interactions [since, from) of a user, less those with items of an index of `known` or more. All are parts
 * of one copy: a long history may be the input of as many queries.
 */
function knownHistories({ starts, items, timestamps, codes }: Histories, index: Uint32Array, known: number) {
  const keptBefore = new Uint32Array(items.length + 1);
  const own: History = {
    items: new Uint32Array(items.length),
    timestamps: new Float64Array(items.length),
    codes: codes.map(() => new Uint8Array(items.length)),
  };
  let kept = 0;
  for (let at = 0; at < items.length; at++) {
    const item = index[items[at]];
    if (item < known) {
      own.items[kept] = item;
      own.timestamps[kept] = timestamps[at];
      own.codes.forEach((column, n) => {
        column[kept] = codes[n][at];
      });
      kept++;
    }
    keptBefore[at + 1] = kept;
  }
  return (user: number, since: number, from: number): History => {
    const start = starts[user];
    return sliceHistory(own, keptBefore[start + since], keptBefore[start + from]);
  };
}

/**
 * The first interactions of these users, as many as `lengths` says, items by their new index, those of one moment in an
 * order drawn by the seed.
 */
function trainingHistories(
  histories: Histories,
  lengths: Uint32Array,
  users: Uint32Array,
  index: Uint32Array,
  seed: number,
): Histories {
  const training = copyOf(selectSlices(histories, users, (user) => [0, lengths[user]]));
  training.items.forEach((item, at) => {
    training.items[at] = index[item];
  });
  drawAllTies(training, uniforms(seed));
  return training;
}

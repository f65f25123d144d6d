import { allUsers, type Histories, historyOf, interactionCount, userCount } from '../../../histories/histories.ts';

/** Sizes of the encoder. */
export type Architecture = {
  /** Of the vectors of items and of users. */
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  /** Newest interactions that a user's vector is made of. */
  readonly length: number;
};

/** How it is trained. */
export type OptimiserSettings = {
  /** Of embeddings and of what each block adds. */
  readonly dropout: number;
  /** Of attention weights. */
  readonly attentionDropout: number;
  readonly peakRate: number;
  /** Passes over the data; the last may be a part of one, and of very much data a part may be all. */
  readonly epochs: number;
  /** Negatives of a batch, half of them its own targets; without any, the softmax goes over all items. */
  readonly negatives: number;
  /** Rows of `length` interactions in a batch. */
  readonly rows: number;
};

export type Configuration = { readonly architecture: Architecture; readonly optimiserSettings: OptimiserSettings };

/**
 * Up to here a softmax over all items learns as much in the same time as one over a sample, and more from each pass.
 */
const mostClasses = 16_384;
/**
 * Histories shorter than this on average say little: more is dropped, so that a model of them does not learn them by
 * heart.
 */
const shortHistory = 20;
const mostEpochs = 50;
/** Rows in a batch, fewer where an epoch would not make so many batches. */
const mostRows = 32;
const fewestBatches = 20;
/**
 * Multiply-adds of a training over 200,000 interactions, some four minutes on two cores; it grows with the root of
 * their number.
 */
const budget = { multiplyAdds: 12e12, interactions: 200_000 };
/**
 * Of that, where no history has an order: pairs of items say nearly all there is to know, and the encoder is to show
 * whether it knows more.
 */
const unorderedShare = 1 / 8;

/**
 * The configuration for data of this size, by rule: the API has no parameter for any of it (docs/accuracy.md says how
 * the rule was found).
 */
export function configurationFor(histories: Histories, itemCount: number): Configuration {
  const interactions = interactionCount(histories);
  const architecture = { width: 64, blocks: 2, heads: 2, length: 50 };
  const rows = Math.floor(interactions / (architecture.length * fewestBatches));
  const sparse = interactions < shortHistory * userCount(histories);
  const negatives = itemCount <= mostClasses ? 0 : 1024;
  const perPass = interactions * multiplyAdds(architecture, negatives || itemCount);
  const share = hasOrder(histories) ? 1 : unorderedShare;
  const affordable =
    (share * budget.multiplyAdds * Math.max(1, Math.sqrt(interactions / budget.interactions))) / perPass;
  return {
    architecture,
    optimiserSettings: {
      dropout: sparse ? 0.5 : 0.3,
      attentionDropout: sparse ? 0 : 0.3,
      peakRate: sparse ? 3e-3 : 2e-3,
      epochs: Math.min(mostEpochs, affordable),
      negatives,
      rows: Math.max(4, Math.min(mostRows, rows)),
    },
  };
}

/** Whether any history has more than one moment. */
const hasOrder = (histories: Histories): boolean =>
  allUsers(histories).some((user) => {
    const { timestamps } = historyOf(histories, user);
    return timestamps[0] !== timestamps.at(-1);
  });

/**
 * Of one interaction, forwards and backwards: the four projections, the feed-forward layers of twice the width,
 * attention and softmax.
 */
function multiplyAdds({ width, blocks, length }: Architecture, classes: number): number {
  return 3 * (blocks * (8 * width ** 2 + 2 * length * width) + width * classes);
}

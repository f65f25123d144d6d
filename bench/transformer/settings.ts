/** What is trained, by this project and by PyTorch alike. */
export type TransformerSettings = {
  readonly items: number;
  /** Negatives of a step; 0 for a softmax over all items. */
  readonly negatives: number;
  readonly dropout: number;
  readonly attentionDropout: number;
  readonly rows: number;
  /** Interactions in a row. */
  readonly length: number;
  /** Interactions of one history: several share a row. */
  readonly segment: number;
  /** Buckets of the time between two interactions. */
  readonly gaps: number;
  readonly width: number;
  readonly blocks: number;
  readonly heads: number;
  readonly threads: number;
  /** Steps before the clock runs. */
  readonly warmUp: number;
};

const shape = { rows: 32, length: 50, segment: 10, gaps: 32, width: 64, blocks: 2, heads: 2, warmUp: 5 };
const small = { dropout: 0.3, attentionDropout: 0.3 };
const sparse = { dropout: 0.5, attentionDropout: 0 };

/** Catalogues of three sizes, each with the loss and the dropout that the flagship recipe has there. */
export const catalogues: readonly Omit<TransformerSettings, 'threads'>[] = [
  { ...shape, ...small, items: 1682, negatives: 0 },
  { ...shape, ...sparse, items: 12_101, negatives: 0 },
  { ...shape, ...sparse, items: 54_542, negatives: 1024 },
];

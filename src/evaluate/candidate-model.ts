import type { LearnedFeatures } from '../learn/features/learn-features.ts';
import type { Histories, History } from '../learn/histories/histories.ts';
import type { ItemMask } from '../learn/model/item-mask.ts';
import type { Vocabulary } from '../learn/model/vocabulary.ts';
import type { LearningTask } from '../learn/recipes/recipe.ts';
import type { Progress } from '../util/progress.ts';
import type { ItemRecords } from './readers/item-records.ts';

/** What a candidate learns from. */
export type FitTask = {
  readonly training: Histories;
  /** Most interactions in `training` first; those without any come last. */
  readonly items: Vocabulary;
  /** What metadata says of the items and of the users, in their order. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
  /** What the items file says of the items, in their order, as it stands there. */
  readonly itemRecords?: ItemRecords | undefined;
  /** Puts vectors in the place of texts, where there is a sentence encoder. */
  readonly encodeTexts?: LearningTask['encodeTexts'];
  readonly seed: number;
  /** What computes training steps; the processor unless given. */
  readonly provider?: string | undefined;
  readonly progress: Progress;
};

export type RankingQuery = {
  readonly input: History;
  /** The items that the ranking may have; all unless given. */
  readonly eligible?: ItemMask | undefined;
};

export interface Ranker {
  /** For each query, the indexes of the best `count` items, best first. */
  rank(queries: readonly RankingQuery[], count: number): Promise<readonly Uint32Array[]>;
}

/** A candidate that cannot take part: the reason, for the report. */
export type Skipped = { readonly skipped: string };

/** A model that is measured beside others. */
export type CandidateModel = {
  readonly name: string;
  readonly kind: 'recipe' | 'baseline';
  /** Whether the seed decides anything of what it learns. */
  readonly seeded: boolean;
  fit(task: FitTask): Promise<Ranker | Skipped>;
};

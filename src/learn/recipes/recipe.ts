import type { Field } from '../../data/dataset-schema.ts';
import type { Progress, ReportFraction } from '../../util/progress.ts';
import type { ColumnKind, Features, FittedColumn, Metadata } from '../features/column.ts';
import type { LearnedFeatures } from '../features/learn-features.ts';
import type { ActionData } from '../histories/action-data.ts';
import type { Histories } from '../histories/histories.ts';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import type { Evaluation } from '../metrics/evaluation.ts';
import type { ActionModel } from '../model/action-model.ts';
import type { PopularItemsModel, RelatedItemsModel, UserModel } from '../model/item-model.ts';
import type { SegmentModel } from '../model/segment-model.ts';
import type { Vocabulary } from '../model/vocabulary.ts';
import type { Checkpoints } from '../training/checkpoints.ts';
import type { EventWeight } from '../training/event-weights.ts';
import type { LiveAnswers } from './live-answers.ts';
import type { Parameters } from './parameter-values.ts';

/** The models of the recipes that can be trained, by the type of the recipe. */
type ModelByType = {
  USER_PERSONALIZATION: UserModel | PopularItemsModel;
  PERSONALIZED_RANKING: UserModel;
  RELATED_ITEMS: RelatedItemsModel;
  POPULAR_ITEMS: PopularItemsModel;
  USER_SEGMENTATION: SegmentModel;
  PERSONALIZED_ACTIONS: ActionModel;
};

export type RecipeType = keyof ModelByType;

/** The types whose models answer requests; those of segments are for batch jobs alone. */
export type ServedType = Exclude<RecipeType, 'USER_SEGMENTATION'>;

/** The types whose models answer with items. */
export type ItemType = Exclude<ServedType, 'PERSONALIZED_ACTIONS'>;

export type ModelOf<Type extends RecipeType> = ModelByType[Type];

/** The datasets of a group that a training reads: without one that is required it fails. */
export type RecipeDatasets = {
  readonly INTERACTIONS: 'required' | 'optional';
  readonly ITEMS?: 'required' | 'optional';
  readonly USERS?: 'required' | 'optional';
  readonly ACTIONS?: 'required' | 'optional';
  readonly ACTION_INTERACTIONS?: 'required' | 'optional';
};

/** A field that the schema of a dataset must have for a training to succeed. */
export type NeededField = {
  readonly dataset: keyof RecipeDatasets;
  /** As a message names it, such as `string field with "itemName": true`. */
  readonly what: string;
  isMetBy(field: Field): boolean;
};

/** Interactions, and what is said of items and users where anything is. */
export const usualDatasets: RecipeDatasets = { INTERACTIONS: 'required', ITEMS: 'optional', USERS: 'optional' };

/** A setting of a recipe. Values travel as strings, as in the API. */
export type Hyperparameter = {
  readonly name: string;
  readonly tunable: boolean;
} & (
  | { readonly kind: 'integer' | 'continuous'; readonly default?: number; readonly min: number; readonly max: number }
  | {
      readonly kind: 'categorical';
      readonly default: string;
      readonly values: readonly string[];
      /** Other words that are accepted, each with the value that it stands for. */
      readonly synonyms?: ReadonlyMap<string, string>;
    }
);

/** An id that a request may need. */
export type RequestId = 'userId' | 'itemId';

/** What a recommender's use case adds to its recipe (spec domains.md §2). */
export type UseCase = {
  /** Ids that a request must have, in place of those of the recipe's type. */
  readonly requiredIds: readonly RequestId[];
  /** Only events of this type train, in any case, and there must be enough of them; all events unless given. */
  readonly trainsOn?: 'View' | 'Purchase' | 'Watch';
  /** Whether events of other types train besides; there need not be any. */
  readonly learnsFromOthers?: true;
  /** Items with such an event of the user are left out of answers: the automatic filter. */
  readonly leavesOut?: 'Purchase' | 'Watch';
  /** Whether requests may have a `context`. */
  readonly takesContext?: true;
};

/**
 * What the catalogue says of a recipe (spec recipes.md): facts for DescribeRecipe, DescribeAlgorithm and validation.
 */
export type RecipeFacts = {
  readonly name: string;
  readonly recipeType: RecipeType;
  /** Of a recipe that is for the recommenders of a domain. */
  readonly domain?: 'ECOMMERCE' | 'VIDEO_ON_DEMAND';
  readonly useCase?: UseCase;
  readonly description: string;
  /** Last part of the ARN `arn:aws:personalize:::algorithm/…`, where that is not the recipe's name. */
  readonly algorithm?: string;
  /** Last part of the ARN `arn:aws:personalize:::feature-transformation/…`. Nothing is known of the domain recipes'. */
  readonly featureTransformation?: string;
  readonly algorithmHyperParameters: readonly Hyperparameter[];
  readonly featureTransformationParameters: readonly Hyperparameter[];
  /** Defaults of a campaign's `itemExplorationConfig`, as the API writes them; absent where a campaign has none. */
  readonly exploration?: { readonly explorationWeight: string; readonly explorationItemAgeCutOff: string };
  /**
   * How answers are explored where a campaign has no say in it: the chance of each position of a list, and how old an
   * item may be.
   */
  readonly managedExploration?: { readonly rate: number; readonly itemAgeDays: number };
  /** Whether filters of its batch jobs may not be about interactions (spec batch.md §5). */
  readonly refusesEventFilters?: true;
  /** Whether answers may have metadata of items without a campaign that says so. */
  readonly givesMetadata?: true;
  /** Whether a campaign may have popularity and freshness weigh in the order of answers (spec recipes.md §2.9). */
  readonly supportsRankingInfluence?: true;
  /** Whether a solution may give each event type a weight and a threshold of its own. */
  readonly supportsEventWeights?: true;
  /** Whether it learns from what metadata says of items and users. */
  readonly usesMetadata?: true;
  /** The quota on the lines of a batch job's file, where that is not the one of most recipes. */
  readonly batchLinesQuota?: 'segmentLinesPerFile' | 'attributeSegmentLinesPerFile';
  /** Whether CreateSolutionVersion takes `trainingMode` UPDATE. */
  readonly supportsUpdateMode?: true;
  /** Whether new and changed items are taken in while the model is served (`performIncrementalUpdate`). */
  readonly supportsIncrementalUpdate?: true;
  /** Milliseconds since the epoch: the date in the service's own listing. */
  readonly publishedAt: number;
};

export type NumericArray = Float32Array | Float64Array | Uint32Array | Int32Array | Uint8Array;

export type Tensor = { readonly shape: readonly number[]; readonly data: NumericArray };

/** What a recipe has learned, as plain data: what the model folder holds beside the vocabularies. */
export type LearnedModel = {
  readonly tensors: Readonly<Record<string, Tensor>>;
  /** Numbers that the model needs, such as a temperature. */
  readonly constants: Readonly<Record<string, number>>;
  /** The columns of the interactions that it reads, in the order of their codes. */
  readonly columns?: readonly InteractionColumn[];
  /** The columns of the items' metadata that it learned from, and of the users'. */
  readonly itemColumns?: readonly FittedColumn[] | undefined;
  readonly userColumns?: readonly FittedColumn[] | undefined;
  /** ONNX graphs by name; what they read are inputs of theirs. */
  readonly graphs?: Readonly<Record<string, Uint8Array>>;
};

export type LearningTask = {
  /** Of the users who train, in the order of `users`; ties in time broken by a per-user hash. */
  readonly histories: Histories;
  /** How many items the catalogue has; those without interactions come last. */
  readonly itemCount: number;
  /** What metadata says of the items, and of the users, in their order; absent where there is none. */
  readonly itemFeatures?: LearnedFeatures | undefined;
  readonly userFeatures?: LearnedFeatures | undefined;
  /** The columns of the items that the recipe reads as they are (`itemColumn`), in the order of the items. */
  readonly itemMetadata?: Metadata | undefined;
  /** For recipes that read actions: their interactions are those of `histories`' users. */
  readonly actions?: ActionData | undefined;
  /** Puts vectors in the place of texts, where there is a sentence encoder. */
  readonly encodeTexts?: ((metadata: Metadata, progress: ReportFraction) => Promise<Metadata>) | undefined;
  readonly parameters: Parameters;
  /** How much it counts to predict events of each type (only the ratio matters); without, all alike. */
  readonly eventWeights?: readonly EventWeight[] | undefined;
  readonly seed: number;
  /**
   * What computes training steps where the recipe has any: an execution provider of ONNX Runtime, the processor unless
   * given.
   */
  readonly provider?: string | undefined;
  /** Whether the model is to answer these users by their ids, and therefore keeps what it must know of each. */
  readonly forUsers?: boolean;
  /** What the recipe learned from some of these users, over the same items, to start from. */
  readonly warmStart?: LearnedModel;
  /** Nothing is kept unless given. */
  readonly checkpoints?: Checkpoints | undefined;
  readonly progress: Progress;
};

/** A model of some time ago, and the users, items and interactions that there are now. */
export type UpdateTask = Pick<
  LearningTask,
  'histories' | 'itemCount' | 'userFeatures' | 'parameters' | 'eventWeights' | 'seed' | 'progress'
> & {
  readonly trained: LearnedModel;
  /** The index that each item had then; −1 for one that is new. */
  readonly formerIndexes: Int32Array;
  /** What metadata says of the new items, in their order, as the features that the model was learned from. */
  readonly newItemFeatures?: Features | undefined;
};

/** Everything that a model answers from. */
export type ModelContent = {
  readonly learned: LearnedModel;
  readonly items: Vocabulary;
  /** The users of the training, if answers depend on them. */
  readonly users?: Vocabulary;
  /** Of a model of actions. */
  readonly actions?: Vocabulary;
  /**
   * Whether it is asked for many at a time, as batches do: then it may take more memory for the sake of speed, and what
   * it answers does not depend on who else is asked for.
   */
  readonly answersMany?: boolean | undefined;
};

/** A recipe of a type: its facts, how it learns and how it answers. */
export type RecipeOf<Type extends RecipeType> = RecipeFacts & {
  readonly recipeType: Type;
  readonly datasets: RecipeDatasets;
  /** Checked when a training begins, among the columns that train. */
  readonly neededFields?: readonly NeededField[];
  /**
   * The columns of the items that the recipe reads as they are, and as what kind; undefined for any other field.
   * Features of all metadata are another thing (`usesMetadata`).
   */
  readonly itemColumn?: (field: Field) => ColumnKind | undefined;
  /** Whether answers depend on who asks, or are users: then the model keeps the users' ids. */
  readonly usesHistory: boolean;
  /** How its models are measured, where that is not how those of its type are. */
  readonly evaluation?: Evaluation<ModelOf<Type>>;
  /** How answers follow the data between trainings, where more than histories do. */
  readonly live?: LiveAnswers;
  learn(task: LearningTask): Promise<LearnedModel>;
  /**
   * Takes what has come since into a model, new items, interactions and users, without a training: what is learned from
   * all users' choices stays as it is. Only recipes that are updated between trainings have it (spec recipes.md §1.2).
   */
  readonly update?: (task: UpdateTask) => Promise<LearnedModel>;
  /**
   * The tensors of a model that a warm start needs; none unless given. The others are dropped before it begins.
   */
  readonly warmStartTensors?: (tensor: string) => boolean;
  /** The model over what was learned, be it just now or read from a folder. */
  open(content: ModelContent): Promise<ModelOf<Type>>;
};

export type Recipe = { [Type in RecipeType]: RecipeOf<Type> }[RecipeType];

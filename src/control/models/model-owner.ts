import type { Recipe } from '../../learn/recipes/recipe.ts';
import type { TrainingRequest } from '../../learn/training/training.ts';
import type { CommonDocument, Kind, Resource } from '../resources/kind.ts';
import { findResourceAmong, type Queryable, type Selection, selectResources } from '../resources/resource-store.ts';
import type { DataState } from './data-state.ts';

/** A model that was brought up to date. */
export type ModelUpdate = {
  /** Prefix of the model. */
  readonly model: string;
  /** Up to which position of the record log it has seen the events. */
  readonly watermark: number;
  /** What there was when its data was taken. */
  readonly state: DataState;
};

/** What a resource that owns a model, such as a solution version, keeps of it in its document. */
export type ModelDocument = CommonDocument & {
  /** Prefix in the server's object store below which all of its models and checkpoints are. */
  readonly prefix: string;
  /** Prefix of the trained model. */
  readonly model?: string | undefined;
  /** Up to which position of the record log the training has seen the events. */
  readonly watermark?: number | undefined;
  /** What there was to train on when the data was taken. */
  readonly trainedOn?: DataState | undefined;
  readonly metrics?: Readonly<Record<string, number>> | undefined;
  readonly trainingHours?: number | undefined;
  /** The trained model, last brought up to date: what deployments serve. */
  readonly update?: ModelUpdate | undefined;
  /** The one before, which requests may still be on their way to. */
  readonly superseded?: ModelUpdate | undefined;
  /** Up to which position of the record log a training or an update that is under way sees the events. */
  readonly pendingWatermark?: number | undefined;
};

export type ModelOwner = Resource<ModelDocument>;

export type TrainingInputs = Pick<
  TrainingRequest,
  'interactions' | 'items' | 'users' | 'actions' | 'actionInteractions'
>;

/** What a model is learned from, and how. */
export type TrainingPlan = Pick<TrainingRequest, 'parameters' | 'eventType' | 'eventValueThreshold' | 'events'> & {
  readonly datasetGroupArn: string;
  readonly recipe: Recipe;
  /** The datasets less the columns that are not to train. */
  trainedColumns(inputs: TrainingInputs): TrainingInputs;
};

/** A kind of resources that own models. */
export type ModelOwnerKind<Owner extends ModelOwner = ModelOwner> = {
  readonly kind: Kind<ModelDocument>;
  /** The kind's job that brings a model up to date; its handler is `modelUpdate`. */
  readonly updateJob: string;
  planOf(owner: Owner): TrainingPlan;
  /** Whether the model is brought up to date for as long as it is deployed. */
  isUpdated(db: Queryable, owner: Owner): Promise<boolean>;
  /** Whether answers follow the data between trainings, where the recipe lets them (`Recipe.live`). */
  followsData(db: Queryable, owner: Owner): Promise<boolean>;
};

/** An owner, with what its kind says of its model. */
export type OwnedModel = { readonly owner: ModelOwner; readonly kind: ModelOwnerKind; readonly plan: TrainingPlan };

/** Finds who owns a model, of whatever kind. */
export class ModelOwners {
  readonly #kinds: readonly ModelOwnerKind[];

  constructor(kinds: readonly ModelOwnerKind[]) {
    this.#kinds = kinds;
  }

  async find(db: Queryable, arn: string): Promise<OwnedModel | undefined> {
    const owner = await findResourceAmong(
      db,
      this.#kinds.map(({ kind }) => kind),
      arn,
    );
    const kind = this.#kinds.find((candidate) => candidate.kind === owner?.kind);
    return owner && kind && { owner, kind, plan: kind.planOf(owner) };
  }

  /** The owners of an account and region. */
  async all(db: Queryable, selection: Selection): Promise<OwnedModel[]> {
    const owned = this.#kinds.map(async (kind) =>
      (await selectResources(db, kind.kind, selection)).map((owner) => ({ owner, kind, plan: kind.planOf(owner) })),
    );
    return (await Promise.all(owned)).flat();
  }

  /** @throws Error if there is no such owner, though a job works for it. */
  async get(db: Queryable, arn: string): Promise<OwnedModel> {
    const found = await this.find(db, arn);
    if (!found) throw new Error(`${arn} is gone, though a job works for its model.`);
    return found;
  }
}

/** Prefixes of the models that an owner's document names. */
export const modelsOf = ({ model, update, superseded }: ModelDocument): readonly string[] =>
  [model, update?.model, superseded?.model].filter((prefix) => prefix !== undefined);

/**
 * Positions of the record log that no compaction may write a file across: those of its models, and of one in the
 * making.
 */
export const watermarksOf = (document: ModelDocument): readonly number[] => {
  const { watermark, update, superseded, pendingWatermark } = document;
  return [watermark, update?.watermark, superseded?.watermark, pendingWatermark].filter(
    (position) => position !== undefined,
  );
};

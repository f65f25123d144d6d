import { arnPaths } from '../../contract/arn.ts';
import type { Input } from '../../contract/operations.ts';
import type { Database } from '../../data/database/database.ts';
import { datasetGroupKind } from '../datasets/dataset-group-kind.ts';
import type { DatasetColumns } from '../models/training-columns.ts';
import { type CommonDocument, defineKind, type ResourceOf, type Update } from '../resources/kind.ts';
import { settingsLife, updateSteps } from '../resources/lifecycle.ts';
import { selectResources } from '../resources/resource-store.ts';

type SolutionInput = Input<'CreateSolution'>;
export type SolutionConfig = NonNullable<SolutionInput['solutionConfig']>;

export type SolutionSettings = Pick<
  SolutionInput,
  'performHPO' | 'performAutoML' | 'performIncrementalUpdate' | 'eventType'
> & {
  readonly recipeArn: string;
  readonly solutionConfig?: SolutionConfig;
  /** The columns of the group's datasets at the solution's creation: those that a later schema adds do not train. */
  readonly datasetColumns?: DatasetColumns;
};

export type SolutionUpdateStatus = keyof typeof updateSteps;

export type SolutionDocument = CommonDocument &
  SolutionSettings & {
    readonly performAutoTraining: boolean;
    readonly latestUpdate?: Update<SolutionUpdateStatus, Omit<Input<'UpdateSolution'>, 'solutionArn'>>;
  };

export const solutionKind = defineKind<SolutionDocument>()({
  name: 'solution',
  arnPath: arnPaths.solution,
  life: { ...settingsLife, updateSteps },
  isTaggable: true,
  parent: datasetGroupKind,
  quotas: [{ name: 'solutionsPerDatasetGroup', most: 10, counts: 'live', among: async (_db, group) => [group] }],
  jobs: {
    'update-solution': { pool: 'quick' },
    'begin-automatic-training': { pool: 'quick', isScheduled: true },
    'repeat-automatic-training': { pool: 'quick', isScheduled: true },
  },
});

export type Solution = ResourceOf<typeof solutionKind>;

/** ARNs of the solutions of a dataset group. */
export async function solutionsOf(
  db: Database,
  { account, region }: Pick<Solution, 'account' | 'region'>,
  datasetGroupArn: string,
): Promise<string[]> {
  const solutions = await selectResources(db, solutionKind, { account, region, parent: datasetGroupArn });
  return solutions.map(({ arn }) => arn);
}

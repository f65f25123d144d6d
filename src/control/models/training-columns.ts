import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { parseDatasetSchema } from '../../data/dataset-schema.ts';
import type { DatasetType } from '../../data/dataset-types.ts';
import type { TrainingInput } from '../../learn/training/training.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { schemaKind } from '../datasets/schema-kind.ts';
import { findResource, type Queryable, type Selection, selectResources } from '../resources/resource-store.ts';
import type { TrainingInputs } from './model-owner.ts';

/** Which columns train, as callers write it. */
export type TrainingDataConfig = NonNullable<
  NonNullable<Input<'CreateSolution'>['solutionConfig']>['trainingDataConfig']
>;

/** Names of columns by type of dataset. */
export type DatasetColumns = { readonly [Type in DatasetType]?: readonly string[] };

/** What an owner of models says of the columns that train. */
export type ColumnChoice = {
  readonly trainingDataConfig?: TrainingDataConfig | undefined;
  /** The columns of the group's datasets when the choice was made: those that a later schema adds do not train. */
  readonly datasetColumns?: DatasetColumns | undefined;
};

/** Columns that a training needs: they can't be excluded, and need not be included (spec training.md §6.1). */
const alwaysTrained: Readonly<Record<string, readonly string[]>> = {
  INTERACTIONS: ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE'],
  ITEMS: ['ITEM_ID'],
  USERS: ['USER_ID'],
};

/** The columns of a dataset group's datasets, as their schemas name them now. */
export async function datasetColumnsOf(db: Queryable, group: Selection): Promise<DatasetColumns> {
  const columns: { [Type in DatasetType]?: readonly string[] } = {};
  for (const { arn, document } of await selectResources(db, datasetKind, group)) {
    const schema = await findResource(db, schemaKind, document.schemaArn);
    if (!schema) throw new Error(`${arn} has no schema.`);
    columns[document.datasetType] = parseDatasetSchema(schema.document.schema).schema.fields.map(({ name }) => name);
  }
  return columns;
}

/**
 * @param known of the datasets that there are
 * @throws ServiceError InvalidInputException for a dataset type without columns to choose, a column that its dataset
 *   does not have, or one that cannot be left out
 */
export function checkTrainingColumns(
  { excludedDatasetColumns, includedDatasetColumns }: TrainingDataConfig = {},
  known: DatasetColumns,
): void {
  for (const [type, names] of Object.entries({ ...includedDatasetColumns, ...excludedDatasetColumns })) {
    const needed = alwaysTrained[type.toUpperCase()];
    if (needed === undefined) {
      throw invalidInput(`Dataset type ${type} in trainingDataConfig must be one of Interactions, Items, Users.`);
    }
    if (namesOf(type, includedDatasetColumns) !== undefined && namesOf(type, excludedDatasetColumns) !== undefined) {
      throw invalidInput(`The columns of ${type} can be given in excludedDatasetColumns or in includedDatasetColumns.`);
    }
    const unknown = names.find((name) => namesOf(type, known)?.includes(name) === false);
    if (unknown !== undefined) throw invalidInput(`Column ${unknown} is not in the schema of the ${type} dataset.`);
    const refused = excludedDatasetColumns?.[type] && names.find((name) => needed.includes(name.toUpperCase()));
    if (refused !== undefined) throw invalidInput(`Column ${refused} of ${type} cannot be excluded from training.`);
  }
}

/**
 * The datasets less the columns that are not to train; those of actions are not for choosing (spec training.md §6.1).
 * An EVENT_VALUE that is not to be learnt still decides which events train.
 */
export const withTrainedColumns = (
  { interactions, items, users, ...actions }: TrainingInputs,
  choice: ColumnChoice,
): TrainingInputs => ({
  interactions: interactions && trainedPart(interactions, 'INTERACTIONS', choice),
  items: items && trainedPart(items, 'ITEMS', choice),
  users: users && trainedPart(users, 'USERS', choice),
  ...actions,
});

function trainedPart(
  { schema, ...data }: TrainingInput,
  type: DatasetType,
  { trainingDataConfig, datasetColumns }: ColumnChoice,
): TrainingInput {
  const { excludedDatasetColumns, includedDatasetColumns } = trainingDataConfig ?? {};
  const needed = [...(alwaysTrained[type] ?? []), 'EVENT_VALUE'];
  const excluded = namesOf(type, excludedDatasetColumns) ?? [];
  const included = namesOf(type, includedDatasetColumns) ?? datasetColumns?.[type];
  const isTrained = (name: string) =>
    needed.includes(name) || (!excluded.includes(name) && (included?.includes(name) ?? true));
  return { schema: { fields: schema.fields.filter(({ name }) => isTrained(name)) }, ...data };
}

/** Whether two choices of columns mean the same, in whatever order and case of the dataset types they name them. */
export function isSameChoice(one: TrainingDataConfig = {}, other: TrainingDataConfig = {}): boolean {
  return (['excludedDatasetColumns', 'includedDatasetColumns'] as const).every((member) =>
    Object.keys(alwaysTrained).every((type) => {
      const [names, others] = [one, other].map((choice) => [...new Set(namesOf(type, choice[member]))].sort().join());
      return names === others;
    }),
  );
}

/** Dataset types are written as `Items` and as `ITEMS`. */
function namesOf(
  type: string,
  columns: Readonly<Record<string, readonly string[] | undefined>> = {},
): readonly string[] | undefined {
  const key = Object.keys(columns).find((name) => name.toUpperCase() === type.toUpperCase());
  return key === undefined ? undefined : columns[key];
}

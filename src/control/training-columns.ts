import { invalidInput } from '../contract/errors.ts';
import type { TrainingInput, TrainingRequest } from '../learn/training.ts';
import type { SolutionConfig } from './resource.ts';

type TrainingDataConfig = SolutionConfig['trainingDataConfig'];

/** Columns that a training needs: they can't be excluded, and need not be included (spec training.md §6.1). */
const alwaysTrained: Readonly<Record<string, readonly string[]>> = {
  INTERACTIONS: ['USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE'],
  ITEMS: ['ITEM_ID'],
  USERS: ['USER_ID'],
};

/** @throws ServiceError InvalidInputException for a dataset type without columns to choose, or a column that cannot be left out */
export function checkTrainingColumns({
  excludedDatasetColumns,
  includedDatasetColumns,
}: TrainingDataConfig = {}): void {
  for (const [type, names] of Object.entries({ ...includedDatasetColumns, ...excludedDatasetColumns })) {
    const needed = alwaysTrained[type.toUpperCase()];
    if (needed === undefined) {
      throw invalidInput(`Dataset type ${type} in trainingDataConfig must be one of Interactions, Items, Users.`);
    }
    if (namesOf(type, includedDatasetColumns) !== undefined && namesOf(type, excludedDatasetColumns) !== undefined) {
      throw invalidInput(`The columns of ${type} can be given in excludedDatasetColumns or in includedDatasetColumns.`);
    }
    const refused = excludedDatasetColumns?.[type] && names.find((name) => needed.includes(name.toUpperCase()));
    if (refused !== undefined) throw invalidInput(`Column ${refused} of ${type} cannot be excluded from training.`);
  }
}

type Inputs = Pick<TrainingRequest, 'interactions' | 'items' | 'users'>;

/** The datasets less the columns that are not to train. An EVENT_VALUE that is not to be learnt still decides which events train. */
export const withTrainedColumns = ({ interactions, items, users }: Inputs, config?: TrainingDataConfig): Inputs => ({
  interactions: trainedPart(interactions, 'INTERACTIONS', config),
  items: items && trainedPart(items, 'ITEMS', config),
  users: users && trainedPart(users, 'USERS', config),
});

function trainedPart(
  { schema, files }: TrainingInput,
  type: string,
  { excludedDatasetColumns, includedDatasetColumns }: TrainingDataConfig = {},
): TrainingInput {
  const needed = [...(alwaysTrained[type] ?? []), 'EVENT_VALUE'];
  const excluded = namesOf(type, excludedDatasetColumns) ?? [];
  const included = namesOf(type, includedDatasetColumns);
  const isTrained = (name: string) =>
    needed.includes(name) || (!excluded.includes(name) && (included?.includes(name) ?? true));
  return { schema: { fields: schema.fields.filter(({ name }) => isTrained(name)) }, files };
}

/** Dataset types are written as `Items` and as `ITEMS`. */
function namesOf(
  type: string,
  columns: Readonly<Record<string, readonly string[]>> = {},
): readonly string[] | undefined {
  const key = Object.keys(columns).find((name) => name.toUpperCase() === type.toUpperCase());
  return key === undefined ? undefined : columns[key];
}

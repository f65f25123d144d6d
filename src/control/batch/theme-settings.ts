import { invalidInput, ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { DatasetSchema } from '../../data/dataset-schema.ts';
import type { Recipe } from '../../learn/recipes/recipe.ts';
import { similarItems } from '../../learn/recipes/similar-items.ts';
import { datasetKind, schemaOf } from '../datasets/dataset-kind.ts';
import { WorkFailed } from '../jobs/job.ts';
import { withTrainedColumns } from '../models/training-columns.ts';
import { findResource, type Queryable } from '../resources/resource-store.ts';
import type { SolutionVersion } from '../solutions/solution-version-kind.ts';

type Asked = Input<'CreateBatchInferenceJob'>;
type Mode = NonNullable<Asked['batchInferenceJobMode']>;

/**
 * Checks that mode, themeGenerationConfig and recipe go together, and that the items have names and texts that the
 * solution uses (spec batch.md §4).
 *
 * @throws ServiceError InvalidInputException
 */
export async function checkMode(
  db: Queryable,
  mode: Mode,
  config: Asked['themeGenerationConfig'],
  { version, recipe }: { readonly version: SolutionVersion; readonly recipe: Recipe },
): Promise<void> {
  if (mode !== 'THEME_GENERATION') {
    if (config) throw invalidInput('themeGenerationConfig needs batchInferenceJobMode THEME_GENERATION.');
    return;
  }
  if (recipe.name !== similarItems.name) {
    throw invalidInput(
      `batchInferenceJobMode THEME_GENERATION needs a solution version of recipe ${similarItems.name}, and this one is of ${recipe.name}.`,
    );
  }
  if (!config) throw invalidInput('batchInferenceJobMode THEME_GENERATION needs themeGenerationConfig.');
  checkColumns(config.fieldsForThemeGeneration.itemName, await itemSchemas(db, version));
}

type ItemSchemas = {
  /** The columns that the Items dataset has now; undefined where there is none. */
  readonly all: DatasetSchema | undefined;
  /** Those of them that the solution does not leave out of its training. */
  readonly used: DatasetSchema | undefined;
};

async function itemSchemas(db: Queryable, version: SolutionVersion): Promise<ItemSchemas> {
  const { datasetGroupArn, solutionConfig, datasetColumns } = version.document;
  const arn = `${datasetGroupArn.replace(':dataset-group/', ':dataset/')}/ITEMS`;
  const dataset = await findResource(db, datasetKind, arn);
  if (!dataset) return { all: undefined, used: undefined };
  const all = await schemaOf(db, dataset);
  const choice = { trainingDataConfig: solutionConfig?.trainingDataConfig, datasetColumns };
  const { items } = withTrainedColumns({ items: { schema: all, files: [] } }, choice);
  return { all, used: items?.schema };
}

function checkColumns(itemName: string, { all, used }: ItemSchemas): void {
  if (!all || !used) throw invalidInput('Themes need an Items dataset, and the dataset group has none.');
  const what = `Column ${itemName}, the itemName of fieldsForThemeGeneration,`;
  const field = all.fields.find(({ name }) => name === itemName);
  if (!field) throw invalidInput(`${what} is not in the schema of the Items dataset.`);
  if (field.type !== 'string') throw invalidInput(`${what} must be of type string, not ${field.type}.`);
  if (!used.fields.includes(field)) throw invalidInput(`${what} is left out of the training of this solution version.`);
  if (!used.fields.some(({ textual }) => textual)) {
    throw invalidInput(
      'Themes need a string column with "textual": true in the schema of the Items dataset that the solution version uses.',
    );
  }
}

/**
 * The columns of items that themes may read, by name.
 *
 * @throws WorkFailed if the Items dataset is no longer what it was when the job was created
 */
export async function themeColumnsOf(db: Queryable, version: SolutionVersion, itemName: string): Promise<string[]> {
  const schemas = await itemSchemas(db, version);
  try {
    checkColumns(itemName, schemas);
  } catch (error) {
    if (error instanceof ServiceError) throw new WorkFailed(error.message);
    throw error;
  }
  return schemas.used?.fields.map(({ name }) => name) ?? [];
}

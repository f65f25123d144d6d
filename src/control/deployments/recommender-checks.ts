import { invalidInput } from '../../contract/errors.ts';
import { type Domain, datasetTypes, typeNames } from '../../data/dataset-types.ts';
import type { Recipe } from '../../learn/recipes/recipe.ts';
import type { DatasetGroup } from '../datasets/dataset-group-kind.ts';
import { datasetKind } from '../datasets/dataset-kind.ts';
import { requireStatus } from '../resources/checks.ts';
import { type Queryable, selectResources } from '../resources/resource-store.ts';

/** @throws ServiceError InvalidInputException unless the dataset group is of the domain that the use case is for */
export function requireDomain(
  { arn, document }: DatasetGroup,
  recipe: Pick<Recipe, 'name'> & { readonly domain: Domain },
): void {
  if (document.domain === recipe.domain) return;
  const has = document.domain === undefined ? 'has no domain' : `is of the domain ${document.domain}`;
  throw invalidInput(`Recipe ${recipe.name} is for the domain ${recipe.domain}, but dataset group ${arn} ${has}.`);
}

/**
 * @throws ServiceError InvalidInputException if the group lacks a dataset that the use case requires,
 *   ResourceInUseException while that gets another schema
 */
export async function requireDatasets(
  db: Queryable,
  { arn, account, region }: DatasetGroup,
  recipe: Pick<Recipe, 'name' | 'datasets'>,
): Promise<void> {
  const datasets = await selectResources(db, datasetKind, { account, region, parent: arn });
  for (const type of datasetTypes) {
    if (recipe.datasets[type] !== 'required') continue;
    const dataset = datasets.find(({ document }) => document.datasetType === type);
    if (dataset) {
      requireStatus(dataset, 'ACTIVE');
      continue;
    }
    throw invalidInput(
      `Recipe ${recipe.name} needs an ${typeNames[type]} dataset, which dataset group ${arn} does not have. Create one first.`,
    );
  }
}

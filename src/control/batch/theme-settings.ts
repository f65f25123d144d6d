import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { Recipe } from '../../learn/recipes/recipe.ts';
import { unavailable } from '../availability.ts';

type Asked = Input<'CreateBatchInferenceJob'>;

/** @throws ServiceError InvalidInputException where mode, themeGenerationConfig and recipe do not go together */
export function checkMode(
  mode: NonNullable<Asked['batchInferenceJobMode']>,
  config: Asked['themeGenerationConfig'],
  _recipe: Recipe,
): void {
  if (mode === 'THEME_GENERATION') throw unavailable('batchInferenceJobMode THEME_GENERATION');
  if (config) throw invalidInput('themeGenerationConfig needs batchInferenceJobMode THEME_GENERATION.');
}

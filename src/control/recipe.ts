import { resourceNotFound } from '../contract/errors.ts';
import type { Hyperparameter, Recipe, RecipeFacts } from '../learn/recipe.ts';
import { findRecipeByName, recipes, recipesNotYetAvailable } from '../learn/recipes/catalogue.ts';
import { builtInArn, builtInName } from './arn.ts';
import { unavailable } from './availability.ts';
import type { HandlersOf } from './handler.ts';
import { pageOf } from './pages.ts';

/** @throws ServiceError InvalidInputException for a recipe of the service that is still to come, ResourceNotFoundException for any other. */
export function getRecipe(arn: string): Recipe {
  return factsOf(arn, 'recipe');
}

function factsOf(arn: string, type: 'recipe' | 'algorithm'): Recipe {
  const name = builtInName(arn, type);
  if (name === undefined) throw resourceNotFound(arn);
  const recipe = findRecipeByName(name);
  if (recipe) return recipe;
  if (recipesNotYetAvailable.includes(name)) throw unavailable(`Recipe ${name}`);
  throw resourceNotFound(arn);
}

type RecipeOperation = 'DescribeRecipe' | 'ListRecipes' | 'DescribeAlgorithm' | 'DescribeFeatureTransformation';

export const recipeHandlers: HandlersOf<RecipeOperation> = {
  async DescribeRecipe({ recipeArn }, { region }) {
    const recipe = getRecipe(recipeArn);
    return {
      recipe: {
        ...summaryOf(recipe, region),
        algorithmArn: builtInArn(region, `algorithm/${recipe.name}`),
        featureTransformationArn: builtInArn(region, `feature-transformation/${recipe.featureTransformation}`),
        description: recipe.description,
        recipeType: recipe.recipeType,
      },
    };
  },

  async ListRecipes({ domain, nextToken, maxResults }, { region }) {
    // Domain use cases are recipes too; this version has none.
    const listed = domain === undefined ? recipes : [];
    const page = pageOf(listed, `recipes ${domain}`, { nextToken, maxResults });
    return { recipes: page.items.map((recipe) => summaryOf(recipe, region)), nextToken: page.nextToken };
  },

  async DescribeAlgorithm({ algorithmArn }) {
    const recipe = factsOf(algorithmArn, 'algorithm');
    const parameters = recipe.algorithmHyperParameters;
    return {
      algorithm: {
        name: recipe.name,
        algorithmArn,
        defaultHyperParameters: defaultsOf(parameters),
        defaultHyperParameterRanges: {
          integerHyperParameterRanges: parameters.flatMap((parameter) => numericRange(parameter, 'integer')),
          continuousHyperParameterRanges: parameters.flatMap((parameter) => numericRange(parameter, 'continuous')),
          categoricalHyperParameterRanges: parameters.flatMap(categoricalRange),
        },
        trainingInputMode: 'File',
        ...datesOf(recipe),
      },
    };
  },

  async DescribeFeatureTransformation({ featureTransformationArn }) {
    const name = builtInName(featureTransformationArn, 'feature-transformation');
    const users = recipes.filter((recipe) => recipe.featureTransformation === name);
    const [first] = users;
    if (name === undefined || !first) throw resourceNotFound(featureTransformationArn);
    return {
      featureTransformation: {
        ...{ name, featureTransformationArn },
        defaultParameters: defaultsOf(users.flatMap((recipe) => recipe.featureTransformationParameters)),
        status: 'ACTIVE',
        ...datesOf(first),
      },
    };
  },
};

function summaryOf(recipe: RecipeFacts, region: string) {
  const { name } = recipe;
  return { name, recipeArn: builtInArn(region, `recipe/${name}`), status: 'ACTIVE', ...datesOf(recipe) };
}

const datesOf = ({ publishedAt }: RecipeFacts) => ({
  creationDateTime: publishedAt / 1000,
  lastUpdatedDateTime: publishedAt / 1000,
});

function defaultsOf(parameters: readonly Hyperparameter[]): { [name: string]: string } {
  const given = parameters.filter((parameter) => parameter.default !== undefined);
  return Object.fromEntries(given.map((parameter) => [parameter.name, defaultText(parameter)]));
}

/** Fractions have a point, as the service shows them: `0.0`. */
function defaultText(parameter: Hyperparameter): string {
  const isWholeFraction = parameter.kind === 'continuous' && Number.isInteger(parameter.default);
  return isWholeFraction ? `${parameter.default}.0` : String(parameter.default);
}

function numericRange(parameter: Hyperparameter, kind: 'integer' | 'continuous') {
  if (parameter.kind !== kind) return [];
  const { name, min, max, tunable } = parameter;
  return [{ name, minValue: min, maxValue: max, isTunable: tunable }];
}

function categoricalRange(parameter: Hyperparameter) {
  if (parameter.kind !== 'categorical') return [];
  const { name, values, tunable } = parameter;
  return [{ name, values: [...values], isTunable: tunable }];
}

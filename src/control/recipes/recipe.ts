import { builtInArn, builtInName } from '../../contract/arn.ts';
import { resourceNotFound } from '../../contract/errors.ts';
import { recipes } from '../../learn/recipes/catalogue.ts';
import type { Hyperparameter, RecipeFacts } from '../../learn/recipes/recipe.ts';
import type { HandlersOf } from '../handler.ts';
import { recipeOf } from '../models/recipe-lookup.ts';
import { pageOf } from '../resources/pages.ts';

/** Recipes on the first page of a list, unless the caller says how many (spec resources.md §4). */
const pageSize = 11;

/** Of the algorithms of domain recipes nothing is known. */
const algorithmOf = ({ name, domain, algorithm = name }: RecipeFacts): string | undefined =>
  domain === undefined ? algorithm : undefined;

type RecipeOperation = 'DescribeRecipe' | 'ListRecipes' | 'DescribeAlgorithm' | 'DescribeFeatureTransformation';

export const recipeHandlers: HandlersOf<RecipeOperation> = {
  async DescribeRecipe({ recipeArn }, { region }) {
    const recipe = recipeOf(recipeArn);
    const { description, recipeType, featureTransformation } = recipe;
    const algorithm = algorithmOf(recipe);
    const { domain: _, ...summary } = summaryOf(recipe, region);
    return {
      recipe: {
        ...summary,
        description,
        recipeType,
        algorithmArn: algorithm && builtInArn(region, 'algorithm', algorithm),
        featureTransformationArn:
          featureTransformation && builtInArn(region, 'feature-transformation', featureTransformation),
      },
    };
  },

  async ListRecipes({ domain, nextToken, maxResults = pageSize }, { region }) {
    const listed = recipes.filter((recipe) => domain === undefined || recipe.domain === domain);
    // As the service does, which pages before it filters: AWS's notebooks read the token of the first page whatever is
    // on it.
    const page = pageOf(listed, `recipes ${domain}`, { nextToken, maxResults }, { firstHasToken: true });
    return { recipes: page.items.map((recipe) => summaryOf(recipe, region)), nextToken: page.nextToken };
  },

  async DescribeAlgorithm({ algorithmArn }) {
    const name = builtInName(algorithmArn, 'algorithm');
    const recipe = recipes.find((one) => name !== undefined && algorithmOf(one) === name);
    if (!recipe) throw resourceNotFound(algorithmArn);
    const parameters = recipe.algorithmHyperParameters;
    return {
      algorithm: {
        name,
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
        name,
        featureTransformationArn,
        defaultParameters: defaultsOf(users.flatMap((recipe) => recipe.featureTransformationParameters)),
        status: 'ACTIVE',
        ...datesOf(first),
      },
    };
  },
};

function summaryOf(recipe: RecipeFacts, region: string) {
  const { name, domain } = recipe;
  return { name, recipeArn: builtInArn(region, 'recipe', name), status: 'ACTIVE', ...datesOf(recipe), domain };
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

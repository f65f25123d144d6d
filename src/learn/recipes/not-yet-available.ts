import type { Hyperparameter, RecipeFacts } from './recipe.ts';

/*
 * The service's recipes that cannot be trained here yet: what its catalogue says of them (spec recipes.md, domains.md).
 * The types of the domain recipes are not published; they follow from what each recommends.
 */

type Parameters = Partial<Pick<RecipeFacts, 'algorithmHyperParameters' | 'featureTransformationParameters'>>;
type CustomFacts = Pick<RecipeFacts, 'name' | 'recipeType' | 'description' | 'publishedAt'> &
  Partial<Pick<RecipeFacts, 'algorithm' | 'featureTransformation'>> &
  Parameters;

const custom = (facts: CustomFacts): RecipeFacts => ({
  featureTransformation: facts.name,
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  ...facts,
});

/** The date that the service shows for all recipes of its first years, and for the domain recipes. */
const firstRelease = Date.UTC(2019, 5, 10);

const integer = (name: string, value: number, min: number, max: number): Hyperparameter => ({
  kind: 'integer',
  name,
  default: value,
  min,
  max,
  tunable: false,
});

const customRecipes: readonly RecipeFacts[] = [
  custom({
    name: 'aws-next-best-action',
    recipeType: 'PERSONALIZED_ACTIONS',
    description: 'Recommends the actions that a user is most likely to take next.',
    featureTransformationParameters: [integer('action_optimization_period', 14, 7, 28)],
    publishedAt: Date.UTC(2023, 7, 11),
  }),
];

const domainRecipe =
  (domain: NonNullable<RecipeFacts['domain']>) =>
  (name: string, recipeType: RecipeFacts['recipeType'], description: string): RecipeFacts => ({
    name,
    recipeType,
    domain,
    description,
    publishedAt: firstRelease,
    algorithmHyperParameters: [],
    featureTransformationParameters: [],
  });

const shop = domainRecipe('ECOMMERCE');
const video = domainRecipe('VIDEO_ON_DEMAND');

const domainRecipes: readonly RecipeFacts[] = [
  shop(
    'aws-ecomm-customers-who-viewed-x-also-viewed',
    'RELATED_ITEMS',
    'Recommends the items that customers viewed who viewed a given item.',
  ),
  shop(
    'aws-ecomm-frequently-bought-together',
    'RELATED_ITEMS',
    'Recommends the items that customers bought together with a given item.',
  ),
  shop('aws-ecomm-popular-items-by-purchases', 'POPULAR_ITEMS', 'Recommends the items that were bought most often.'),
  shop('aws-ecomm-popular-items-by-views', 'POPULAR_ITEMS', 'Recommends the items that were viewed most often.'),
  shop('aws-ecomm-recommended-for-you', 'USER_PERSONALIZATION', 'Recommends the items that suit a customer.'),
  video(
    'aws-vod-because-you-watched-x',
    'RELATED_ITEMS',
    'Recommends the videos that users watched who watched a given video.',
  ),
  video('aws-vod-more-like-x', 'RELATED_ITEMS', 'Recommends videos that are like a given video.'),
  video('aws-vod-most-popular', 'POPULAR_ITEMS', 'Recommends the videos that most users watched.'),
  video('aws-vod-top-picks', 'USER_PERSONALIZATION', 'Recommends the videos that suit a user.'),
  video('aws-vod-trending-now', 'POPULAR_ITEMS', 'Recommends the videos whose popularity increases fastest.'),
];

export const recipesNotYetAvailable: readonly RecipeFacts[] = [...domainRecipes, ...customRecipes];

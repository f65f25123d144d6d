import { operation } from '../operation.ts';
import { enumeration, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, Domain, MaxResults, Name, NextToken, Status, Timestamp } from './common.ts';

export const DescribeRecipeRequest = structure({
  recipeArn: Arn,
});
export type DescribeRecipeRequest = Static<typeof DescribeRecipeRequest>;

export const Description = string();
export type Description = Static<typeof Description>;

export const RecipeType = string({ max: 256 });
export type RecipeType = Static<typeof RecipeType>;

export const Recipe = structure({
  name: optional(Name),
  recipeArn: optional(Arn),
  algorithmArn: optional(Arn),
  featureTransformationArn: optional(Arn),
  status: optional(Status),
  description: optional(Description),
  creationDateTime: optional(Timestamp),
  recipeType: optional(RecipeType),
  lastUpdatedDateTime: optional(Timestamp),
});
export type Recipe = Static<typeof Recipe>;

export const DescribeRecipeResponse = structure({
  recipe: optional(Recipe),
});
export type DescribeRecipeResponse = Static<typeof DescribeRecipeResponse>;

export const RecipeProvider = enumeration(['SERVICE']);
export type RecipeProvider = Static<typeof RecipeProvider>;

export const ListRecipesRequest = structure({
  recipeProvider: optional(RecipeProvider),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
  domain: optional(Domain),
});
export type ListRecipesRequest = Static<typeof ListRecipesRequest>;

export const RecipeSummary = structure({
  name: optional(Name),
  recipeArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});
export type RecipeSummary = Static<typeof RecipeSummary>;

export const Recipes = list(RecipeSummary, { max: 100 });
export type Recipes = Static<typeof Recipes>;

export const ListRecipesResponse = structure({
  recipes: optional(Recipes),
  nextToken: optional(NextToken),
});
export type ListRecipesResponse = Static<typeof ListRecipesResponse>;

export const DescribeRecipe = operation({
  name: 'DescribeRecipe',
  service: 'personalize',
  input: DescribeRecipeRequest,
  output: DescribeRecipeResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListRecipes = operation({
  name: 'ListRecipes',
  service: 'personalize',
  input: ListRecipesRequest,
  output: ListRecipesResponse,
  errors: ['InvalidNextTokenException', 'InvalidInputException'],
  idempotent: true,
});

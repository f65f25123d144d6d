import { operation } from '../operation.ts';
import { enumeration, list, optional, string, structure } from '../shape.ts';
import { Arn, Domain, MaxResults, Name, NextToken, Status, Timestamp } from './common.ts';

const Description = string();
const RecipeType = string({ max: 256 });

const Recipe = structure({
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

const RecipeProvider = enumeration(['SERVICE']);

const RecipeSummary = structure({
  name: optional(Name),
  recipeArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  domain: optional(Domain),
});

export const DescribeRecipe = operation({
  name: 'DescribeRecipe',
  service: 'personalize',
  input: structure({ recipeArn: Arn }),
  output: structure({ recipe: optional(Recipe) }),
  resources: ['recipeArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListRecipes = operation({
  name: 'ListRecipes',
  service: 'personalize',
  input: structure({
    recipeProvider: optional(RecipeProvider),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
    domain: optional(Domain),
  }),
  output: structure({
    recipes: optional(list(RecipeSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  errors: ['InvalidNextTokenException', 'InvalidInputException'],
  idempotent: true,
});

import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, structure } from '../shape.ts';
import {
  Arn,
  FailureReason,
  HyperParameters,
  MaxResults,
  Name,
  NextToken,
  RankingInfluence,
  Status,
  Tags,
  Timestamp,
  TransactionsPerSecond,
} from './common.ts';

const CampaignConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  enableMetadataWithRecommendations: optional(boolean()),
  syncWithLatestSolutionVersion: optional(boolean()),
  rankingInfluence: optional(RankingInfluence),
});

const CampaignUpdateSummary = structure({
  solutionVersionArn: optional(Arn),
  minProvisionedTPS: optional(TransactionsPerSecond),
  campaignConfig: optional(CampaignConfig),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

const Campaign = structure({
  name: optional(Name),
  campaignArn: optional(Arn),
  solutionVersionArn: optional(Arn),
  minProvisionedTPS: optional(TransactionsPerSecond),
  campaignConfig: optional(CampaignConfig),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  latestCampaignUpdate: optional(CampaignUpdateSummary),
});

const CampaignSummary = structure({
  name: optional(Name),
  campaignArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});

export const CreateCampaign = operation({
  name: 'CreateCampaign',
  service: 'personalize',
  input: structure({
    name: Name,
    solutionVersionArn: Arn,
    minProvisionedTPS: optional(TransactionsPerSecond),
    campaignConfig: optional(CampaignConfig),
    tags: optional(Tags),
  }),
  output: structure({ campaignArn: optional(Arn) }),
  resources: ['solutionVersionArn'],
  creates: 'campaign',
  errors: [
    'InvalidInputException',
    'ResourceNotFoundException',
    'ResourceAlreadyExistsException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
  idempotent: true,
});

export const DeleteCampaign = operation({
  name: 'DeleteCampaign',
  service: 'personalize',
  input: structure({ campaignArn: Arn }),
  output: Empty,
  resources: ['campaignArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeCampaign = operation({
  name: 'DescribeCampaign',
  service: 'personalize',
  input: structure({ campaignArn: Arn }),
  output: structure({ campaign: optional(Campaign) }),
  resources: ['campaignArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListCampaigns = operation({
  name: 'ListCampaigns',
  service: 'personalize',
  input: structure({
    solutionArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    campaigns: optional(list(CampaignSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['solutionArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateCampaign = operation({
  name: 'UpdateCampaign',
  service: 'personalize',
  input: structure({
    campaignArn: Arn,
    solutionVersionArn: optional(Arn),
    minProvisionedTPS: optional(TransactionsPerSecond),
    campaignConfig: optional(CampaignConfig),
  }),
  output: structure({ campaignArn: optional(Arn) }),
  resources: ['campaignArn'],
  refersTo: ['solutionVersionArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

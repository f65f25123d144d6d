import { operation } from '../operation.ts';
import { boolean, Empty, list, optional, type Static, structure } from '../shape.ts';
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

export const CampaignConfig = structure({
  itemExplorationConfig: optional(HyperParameters),
  enableMetadataWithRecommendations: optional(boolean()),
  syncWithLatestSolutionVersion: optional(boolean()),
  rankingInfluence: optional(RankingInfluence),
});
export type CampaignConfig = Static<typeof CampaignConfig>;

export const CreateCampaignRequest = structure({
  name: Name,
  solutionVersionArn: Arn,
  minProvisionedTPS: optional(TransactionsPerSecond),
  campaignConfig: optional(CampaignConfig),
  tags: optional(Tags),
});
export type CreateCampaignRequest = Static<typeof CreateCampaignRequest>;

export const CreateCampaignResponse = structure({
  campaignArn: optional(Arn),
});
export type CreateCampaignResponse = Static<typeof CreateCampaignResponse>;

export const DeleteCampaignRequest = structure({
  campaignArn: Arn,
});
export type DeleteCampaignRequest = Static<typeof DeleteCampaignRequest>;

export const DescribeCampaignRequest = structure({
  campaignArn: Arn,
});
export type DescribeCampaignRequest = Static<typeof DescribeCampaignRequest>;

export const CampaignUpdateSummary = structure({
  solutionVersionArn: optional(Arn),
  minProvisionedTPS: optional(TransactionsPerSecond),
  campaignConfig: optional(CampaignConfig),
  status: optional(Status),
  failureReason: optional(FailureReason),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type CampaignUpdateSummary = Static<typeof CampaignUpdateSummary>;

export const Campaign = structure({
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
export type Campaign = Static<typeof Campaign>;

export const DescribeCampaignResponse = structure({
  campaign: optional(Campaign),
});
export type DescribeCampaignResponse = Static<typeof DescribeCampaignResponse>;

export const ListCampaignsRequest = structure({
  solutionArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListCampaignsRequest = Static<typeof ListCampaignsRequest>;

export const CampaignSummary = structure({
  name: optional(Name),
  campaignArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
  failureReason: optional(FailureReason),
});
export type CampaignSummary = Static<typeof CampaignSummary>;

export const Campaigns = list(CampaignSummary, { max: 100 });
export type Campaigns = Static<typeof Campaigns>;

export const ListCampaignsResponse = structure({
  campaigns: optional(Campaigns),
  nextToken: optional(NextToken),
});
export type ListCampaignsResponse = Static<typeof ListCampaignsResponse>;

export const UpdateCampaignRequest = structure({
  campaignArn: Arn,
  solutionVersionArn: optional(Arn),
  minProvisionedTPS: optional(TransactionsPerSecond),
  campaignConfig: optional(CampaignConfig),
});
export type UpdateCampaignRequest = Static<typeof UpdateCampaignRequest>;

export const UpdateCampaignResponse = structure({
  campaignArn: optional(Arn),
});
export type UpdateCampaignResponse = Static<typeof UpdateCampaignResponse>;

export const CreateCampaign = operation({
  name: 'CreateCampaign',
  service: 'personalize',
  input: CreateCampaignRequest,
  output: CreateCampaignResponse,
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
  input: DeleteCampaignRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeCampaign = operation({
  name: 'DescribeCampaign',
  service: 'personalize',
  input: DescribeCampaignRequest,
  output: DescribeCampaignResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListCampaigns = operation({
  name: 'ListCampaigns',
  service: 'personalize',
  input: ListCampaignsRequest,
  output: ListCampaignsResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

export const UpdateCampaign = operation({
  name: 'UpdateCampaign',
  service: 'personalize',
  input: UpdateCampaignRequest,
  output: UpdateCampaignResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

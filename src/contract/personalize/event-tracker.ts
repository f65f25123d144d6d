import { operation } from '../operation.ts';
import { Empty, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, MaxResults, Name, NextToken, Status, Tags, Timestamp, TrackingId } from './common.ts';

export const CreateEventTrackerRequest = structure({
  name: Name,
  datasetGroupArn: Arn,
  tags: optional(Tags),
});
export type CreateEventTrackerRequest = Static<typeof CreateEventTrackerRequest>;

export const CreateEventTrackerResponse = structure({
  eventTrackerArn: optional(Arn),
  trackingId: optional(TrackingId),
});
export type CreateEventTrackerResponse = Static<typeof CreateEventTrackerResponse>;

export const DeleteEventTrackerRequest = structure({
  eventTrackerArn: Arn,
});
export type DeleteEventTrackerRequest = Static<typeof DeleteEventTrackerRequest>;

export const DescribeEventTrackerRequest = structure({
  eventTrackerArn: Arn,
});
export type DescribeEventTrackerRequest = Static<typeof DescribeEventTrackerRequest>;

export const AccountId = string({ max: 256 });
export type AccountId = Static<typeof AccountId>;

export const EventTracker = structure({
  name: optional(Name),
  eventTrackerArn: optional(Arn),
  accountId: optional(AccountId),
  trackingId: optional(TrackingId),
  datasetGroupArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type EventTracker = Static<typeof EventTracker>;

export const DescribeEventTrackerResponse = structure({
  eventTracker: optional(EventTracker),
});
export type DescribeEventTrackerResponse = Static<typeof DescribeEventTrackerResponse>;

export const ListEventTrackersRequest = structure({
  datasetGroupArn: optional(Arn),
  nextToken: optional(NextToken),
  maxResults: optional(MaxResults),
});
export type ListEventTrackersRequest = Static<typeof ListEventTrackersRequest>;

export const EventTrackerSummary = structure({
  name: optional(Name),
  eventTrackerArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});
export type EventTrackerSummary = Static<typeof EventTrackerSummary>;

export const EventTrackers = list(EventTrackerSummary, { max: 100 });
export type EventTrackers = Static<typeof EventTrackers>;

export const ListEventTrackersResponse = structure({
  eventTrackers: optional(EventTrackers),
  nextToken: optional(NextToken),
});
export type ListEventTrackersResponse = Static<typeof ListEventTrackersResponse>;

export const CreateEventTracker = operation({
  name: 'CreateEventTracker',
  service: 'personalize',
  input: CreateEventTrackerRequest,
  output: CreateEventTrackerResponse,
  errors: [
    'InvalidInputException',
    'ResourceAlreadyExistsException',
    'ResourceNotFoundException',
    'LimitExceededException',
    'ResourceInUseException',
    'TooManyTagsException',
  ],
  idempotent: true,
});

export const DeleteEventTracker = operation({
  name: 'DeleteEventTracker',
  service: 'personalize',
  input: DeleteEventTrackerRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeEventTracker = operation({
  name: 'DescribeEventTracker',
  service: 'personalize',
  input: DescribeEventTrackerRequest,
  output: DescribeEventTrackerResponse,
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListEventTrackers = operation({
  name: 'ListEventTrackers',
  service: 'personalize',
  input: ListEventTrackersRequest,
  output: ListEventTrackersResponse,
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

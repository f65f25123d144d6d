import { operation } from '../operation.ts';
import { Empty, list, optional, string, structure } from '../shape.ts';
import { Arn, MaxResults, Name, NextToken, Status, Tags, Timestamp, TrackingId } from './common.ts';

const AccountId = string({ max: 256 });

const EventTracker = structure({
  name: optional(Name),
  eventTrackerArn: optional(Arn),
  accountId: optional(AccountId),
  trackingId: optional(TrackingId),
  datasetGroupArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

const EventTrackerSummary = structure({
  name: optional(Name),
  eventTrackerArn: optional(Arn),
  status: optional(Status),
  creationDateTime: optional(Timestamp),
  lastUpdatedDateTime: optional(Timestamp),
});

export const CreateEventTracker = operation({
  name: 'CreateEventTracker',
  service: 'personalize',
  input: structure({
    name: Name,
    datasetGroupArn: Arn,
    tags: optional(Tags),
  }),
  output: structure({
    eventTrackerArn: optional(Arn),
    trackingId: optional(TrackingId),
  }),
  resources: ['datasetGroupArn'],
  creates: 'event-tracker',
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
  input: structure({ eventTrackerArn: Arn }),
  output: Empty,
  resources: ['eventTrackerArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
  idempotent: true,
});

export const DescribeEventTracker = operation({
  name: 'DescribeEventTracker',
  service: 'personalize',
  input: structure({ eventTrackerArn: Arn }),
  output: structure({ eventTracker: optional(EventTracker) }),
  resources: ['eventTrackerArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException'],
  idempotent: true,
});

export const ListEventTrackers = operation({
  name: 'ListEventTrackers',
  service: 'personalize',
  input: structure({
    datasetGroupArn: optional(Arn),
    nextToken: optional(NextToken),
    maxResults: optional(MaxResults),
  }),
  output: structure({
    eventTrackers: optional(list(EventTrackerSummary, { max: 100 })),
    nextToken: optional(NextToken),
  }),
  resources: [],
  refersTo: ['datasetGroupArn'],
  errors: ['InvalidInputException', 'InvalidNextTokenException'],
  idempotent: true,
});

import { operation } from '../operation.ts';
import { double, enumeration, integer, list, nullable, optional, string, structure } from '../shape.ts';
import { Limit, Milliseconds, Seconds } from './common.ts';

/** An event as it was taken, and what became of it. */
const InspectedEvent = structure({
  receivedAt: Milliseconds,
  sentAt: Seconds,
  sessionId: string(),
  userId: nullable(string()),
  eventType: string(),
  itemId: nullable(string()),
  /** Of an interaction with an action, which has no item. */
  actionId: optional(string()),
  eventId: nullable(string()),
  eventValue: nullable(double()),
  recommendationId: nullable(string()),
  /** The user that it counts for, where it is known by now. */
  countsFor: nullable(string()),
  outcome: enumeration(['counted', 'identify', 'no-item', 'anonymous', 'repeated', 'identical']),
  /** The outcome as a sentence. */
  why: string(),
});

/** What the user was last answered from by the node that is asked. */
const LastAnswer = structure({
  userId: optional(string()),
  /** Interactions of the training that the answer used. */
  kept: integer(),
  /** Events since the training that the answer used. */
  recent: integer(),
  campaignArn: optional(string()),
  solutionVersionArn: optional(string()),
  /** In place of the two above. */
  recommenderArn: optional(string()),
  answeredAt: Milliseconds,
  /** When the newest of the recent events happened; absent if there were none. */
  newestEventAt: optional(Seconds),
});

/** The last events of a tracker or of a user, newest first: the service drops events that it has answered with 200. */
export const ListEvents = operation({
  name: 'ListEvents',
  service: 'admin',
  method: 'GET',
  path: '/admin/events',
  shows: 'nothing',
  input: structure({
    /** Also that of an Action_Interactions dataset. May be absent where there is only one event tracker. */
    trackingId: optional(string()),
    /** Only events that count for this user, or of the session that the id stands for. */
    userId: optional(string()),
    limit: optional(Limit),
  }),
  output: structure({
    /** Absent for the tracker of an Action_Interactions dataset. */
    eventTrackerArn: optional(string()),
    /** Where the events are; absent where there is no dataset for them yet. */
    datasetArn: optional(string()),
    trackingId: string(),
    events: list(InspectedEvent),
    lastAnswer: optional(LastAnswer),
  }),
  resources: [],
  errors: ['InvalidInputException'],
});

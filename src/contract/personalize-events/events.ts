import { operation } from '../operation.ts';
import { absentWhenEmpty, double, Empty, jsonText, list, optional, type Static, string, structure } from '../shape.ts';
import { RecommendationId, StringType, Timestamp, UserId } from './common.ts';

export const FloatType = double();
export type FloatType = Static<typeof FloatType>;

export const ItemId = string({ min: 1, max: 256, sensitive: true });
export type ItemId = Static<typeof ItemId>;

export const EventPropertiesJSON = string({ min: 1, max: 1024, sensitive: true });
export type EventPropertiesJSON = Static<typeof EventPropertiesJSON>;

export const Impression = list(ItemId, { min: 1, max: 25 });
export type Impression = Static<typeof Impression>;

export const EventAttributionSource = string({
  max: 1024,
  pattern: '^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$',
  linear: ' *[\\x21-\\x7E][\\x20-\\x7E]*',
});
export type EventAttributionSource = Static<typeof EventAttributionSource>;

export const MetricAttribution = structure({
  eventAttributionSource: EventAttributionSource,
});
export type MetricAttribution = Static<typeof MetricAttribution>;

export const Event = structure(
  {
    eventId: optional(StringType),
    eventType: StringType,
    eventValue: optional(FloatType),
    itemId: optional(ItemId),
    properties: optional(jsonText(EventPropertiesJSON)),
    sentAt: Timestamp,
    recommendationId: optional(RecommendationId),
    impression: optional(Impression),
    metricAttribution: optional(MetricAttribution),
  },
  { sensitive: true },
);
export type Event = Static<typeof Event>;

export const EventList = list(Event, { min: 1, max: 10 });
export type EventList = Static<typeof EventList>;

export const PutEventsRequest = structure({
  trackingId: StringType,
  userId: optional(absentWhenEmpty(UserId)),
  sessionId: StringType,
  eventList: EventList,
});
export type PutEventsRequest = Static<typeof PutEventsRequest>;

export const PutEvents = operation({
  name: 'PutEvents',
  service: 'personalize-events',
  path: '/events',
  input: PutEventsRequest,
  output: Empty,
  errors: ['InvalidInputException'],
});

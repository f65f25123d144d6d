import { operation } from '../operation.ts';
import { absentWhenEmpty, double, Empty, jsonText, list, optional, string, structure } from '../shape.ts';
import { RecommendationId, StringType, Timestamp, UserId } from './common.ts';

const FloatType = double();
const ItemId = string({ min: 1, max: 256, sensitive: true });
const EventPropertiesJSON = string({ min: 1, max: 1024, sensitive: true });

const EventAttributionSource = string({
  max: 1024,
  pattern: '^[\\x20-\\x7E]*[\\x21-\\x7E]+[\\x20-\\x7E]*$',
  linear: ' *[\\x21-\\x7E][\\x20-\\x7E]*',
});

const MetricAttribution = structure({ eventAttributionSource: EventAttributionSource });

const Event = structure(
  {
    eventId: optional(StringType),
    eventType: StringType,
    eventValue: optional(FloatType),
    itemId: optional(ItemId),
    properties: optional(jsonText(EventPropertiesJSON)),
    sentAt: Timestamp,
    recommendationId: optional(RecommendationId),
    impression: optional(list(ItemId, { min: 1, max: 25 })),
    metricAttribution: optional(MetricAttribution),
  },
  { sensitive: true },
);

export const PutEvents = operation({
  name: 'PutEvents',
  service: 'personalize-events',
  path: '/events',
  input: structure({
    trackingId: StringType,
    userId: optional(absentWhenEmpty(UserId)),
    sessionId: StringType,
    eventList: list(Event, { min: 1, max: 10 }),
  }),
  output: Empty,
  resources: [],
  errors: ['InvalidInputException'],
});

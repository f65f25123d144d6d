import { operation } from '../operation.ts';
import { absentWhenEmpty, Empty, jsonText, list, optional, string, structure } from '../shape.ts';
import { RecommendationId, StringType, Timestamp, UserId } from './common.ts';

const ActionId = string({ min: 1, max: 256, sensitive: true });
const ActionInteractionProperties = string({ min: 1, max: 1024, sensitive: true });

const ActionInteraction = structure({
  actionId: ActionId,
  userId: optional(absentWhenEmpty(UserId)),
  sessionId: StringType,
  timestamp: Timestamp,
  eventType: StringType,
  eventId: optional(StringType),
  recommendationId: optional(RecommendationId),
  impression: optional(list(ActionId, { min: 1, max: 25 })),
  properties: optional(jsonText(ActionInteractionProperties)),
});

export const PutActionInteractions = operation({
  name: 'PutActionInteractions',
  service: 'personalize-events',
  path: '/action-interactions',
  input: structure({
    trackingId: StringType,
    actionInteractions: list(ActionInteraction, { min: 1, max: 10 }),
  }),
  output: Empty,
  resources: [],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

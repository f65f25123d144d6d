import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, type Static, string, structure } from '../shape.ts';
import { RecommendationId, StringType, Timestamp, UserId } from './common.ts';

export const ActionId = string({ min: 1, max: 256, sensitive: true });
export type ActionId = Static<typeof ActionId>;

export const ActionImpression = list(ActionId, { min: 1, max: 25 });
export type ActionImpression = Static<typeof ActionImpression>;

export const ActionInteractionProperties = string({ min: 1, max: 1024, sensitive: true });
export type ActionInteractionProperties = Static<typeof ActionInteractionProperties>;

export const ActionInteraction = structure({
  actionId: ActionId,
  userId: optional(UserId),
  sessionId: StringType,
  timestamp: Timestamp,
  eventType: StringType,
  eventId: optional(StringType),
  recommendationId: optional(RecommendationId),
  impression: optional(ActionImpression),
  properties: optional(jsonText(ActionInteractionProperties)),
});
export type ActionInteraction = Static<typeof ActionInteraction>;

export const ActionInteractionsList = list(ActionInteraction, { min: 1, max: 10 });
export type ActionInteractionsList = Static<typeof ActionInteractionsList>;

export const PutActionInteractionsRequest = structure({
  trackingId: StringType,
  actionInteractions: ActionInteractionsList,
});
export type PutActionInteractionsRequest = Static<typeof PutActionInteractionsRequest>;

export const PutActionInteractions = operation({
  name: 'PutActionInteractions',
  service: 'personalize-events',
  path: '/action-interactions',
  input: PutActionInteractionsRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

export const ActionProperties = string({ min: 1, max: 32000, sensitive: true });
export type ActionProperties = Static<typeof ActionProperties>;

export const Action = structure({
  actionId: StringType,
  properties: optional(jsonText(ActionProperties)),
});
export type Action = Static<typeof Action>;

export const ActionList = list(Action, { min: 1, max: 10 });
export type ActionList = Static<typeof ActionList>;

export const PutActionsRequest = structure({
  datasetArn: Arn,
  actions: ActionList,
});
export type PutActionsRequest = Static<typeof PutActionsRequest>;

export const PutActions = operation({
  name: 'PutActions',
  service: 'personalize-events',
  path: '/actions',
  input: PutActionsRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

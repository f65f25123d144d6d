import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

const ActionProperties = string({ min: 1, max: 32000, sensitive: true });

const Action = structure({
  actionId: StringType,
  properties: optional(jsonText(ActionProperties)),
});

export const PutActions = operation({
  name: 'PutActions',
  service: 'personalize-events',
  path: '/actions',
  input: structure({
    datasetArn: Arn,
    actions: list(Action, { min: 1, max: 10 }),
  }),
  output: Empty,
  resources: ['datasetArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

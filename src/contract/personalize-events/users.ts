import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

const UserProperties = string({ min: 1, max: 24000, sensitive: true });

const User = structure({
  userId: StringType,
  properties: optional(jsonText(UserProperties)),
});

export const PutUsers = operation({
  name: 'PutUsers',
  service: 'personalize-events',
  path: '/users',
  input: structure({
    datasetArn: Arn,
    users: list(User, { min: 1, max: 10 }),
  }),
  output: Empty,
  resources: ['datasetArn'],
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

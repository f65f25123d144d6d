import { operation } from '../operation.ts';
import { Empty, jsonText, list, optional, type Static, string, structure } from '../shape.ts';
import { Arn, StringType } from './common.ts';

export const UserProperties = string({ min: 1, max: 24000, sensitive: true });
export type UserProperties = Static<typeof UserProperties>;

export const User = structure({
  userId: StringType,
  properties: optional(jsonText(UserProperties)),
});
export type User = Static<typeof User>;

export const UserList = list(User, { min: 1, max: 10 });
export type UserList = Static<typeof UserList>;

export const PutUsersRequest = structure({
  datasetArn: Arn,
  users: UserList,
});
export type PutUsersRequest = Static<typeof PutUsersRequest>;

export const PutUsers = operation({
  name: 'PutUsers',
  service: 'personalize-events',
  path: '/users',
  input: PutUsersRequest,
  output: Empty,
  errors: ['InvalidInputException', 'ResourceNotFoundException', 'ResourceInUseException'],
});

import { operation } from '../operation.ts';
import { Empty, string, structure } from '../shape.ts';

export const GetCallerIdentity = operation({
  name: 'GetCallerIdentity',
  service: 'sts',
  input: Empty,
  output: structure({ userId: string({ sensitive: false }), account: string(), arn: string() }),
  needsPermission: false,
  resources: [],
  errors: [],
});

import { operation } from '../operation.ts';
import { string, structure } from '../shape.ts';
import { Credentials, deviceMembers, durationSeconds, minimumSessionTokenSize } from './common.ts';

export const GetSessionToken = operation({
  name: 'GetSessionToken',
  service: 'sts',
  needsPermission: false,
  input: structure({
    durationSeconds: durationSeconds(129_600),
    ...deviceMembers,
    minimumSessionTokenSize,
  }),
  output: structure({ credentials: Credentials }),
  resources: [],
  errors: [],
});

export const GetAccessKeyInfo = operation({
  name: 'GetAccessKeyInfo',
  service: 'sts',
  input: structure({ accessKeyId: string({ min: 16, max: 128, pattern: '[\\w]*' }) }),
  output: structure({ account: string() }),
  resources: [],
  errors: [],
});

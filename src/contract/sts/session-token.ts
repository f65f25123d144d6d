import { operation } from '../operation.ts';
import { optional, string, structure } from '../shape.ts';
import { Credentials, durationSeconds } from './common.ts';

export const GetSessionToken = operation({
  name: 'GetSessionToken',
  service: 'sts',
  needsPermission: false,
  input: structure({
    durationSeconds: durationSeconds(129_600),
    /** Of a device, which no user here has. */
    serialNumber: optional(string({ min: 9, max: 256, pattern: '[\\w+=/:,.@-]*' })),
    tokenCode: optional(string({ min: 6, max: 6, pattern: '[\\d]*', sensitive: true })),
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

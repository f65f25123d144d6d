import { operation } from '../operation.ts';
import { optional, string, structure } from '../shape.ts';
import { AssumedRoleUser, Credentials, PackedPolicySize, sessionMembers } from './common.ts';

export const AssumeRoleWithWebIdentity = operation({
  name: 'AssumeRoleWithWebIdentity',
  service: 'sts',
  shows: 'issued token',
  needsPermission: false,
  input: structure({
    ...sessionMembers,
    webIdentityToken: string({ min: 4, max: 20_000, sensitive: true }),
    /** Of providers that are no OIDC issuers. */
    providerId: optional(string({ min: 4, max: 2048 })),
  }),
  output: structure({
    credentials: Credentials,
    subjectFromWebIdentityToken: string({ sensitive: true }),
    assumedRoleUser: AssumedRoleUser,
    packedPolicySize: PackedPolicySize,
    provider: string(),
    audience: string(),
    sourceIdentity: optional(string()),
  }),
  resources: ['roleArn'],
  errors: [
    'ExpiredIdentityTokenException',
    'IDPCommunicationErrorException',
    'InvalidIdentityTokenException',
    'MalformedPolicyDocumentException',
    'PackedPolicyTooLargeException',
  ],
});

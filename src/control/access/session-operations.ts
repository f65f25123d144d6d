import type { CallOrigin } from '../../access/authorisation/request-keys.ts';
import { IssuerKeys } from '../../access/federation/issuer-keys.ts';
import type { Principal } from '../../access/principal.ts';
import { newRoleId, newSecret, newSessionKeyId, sessionArn } from '../../access/principals/identifiers.ts';
import type { TemporaryCredentials } from '../../access/principals/sessions.ts';
import { assumeRole } from '../../access/sts/assume-role.ts';
import type { AssumedRole, TokenParts } from '../../access/sts/make-session.ts';
import { getSessionToken } from '../../access/sts/session-token.ts';
import { assumeRoleWithWebIdentity } from '../../access/sts/web-identity.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { Database } from '../../data/database/database.ts';
import { unavailable } from '../availability.ts';
import type { Caller, HandlersOf, Operator } from '../handler.ts';

type SessionOperation = 'AssumeRole' | 'AssumeRoleWithWebIdentity' | 'GetSessionToken' | 'GetAccessKeyInfo';

/** What clients of STS do where signatures are verified. */
export function sessionHandlers(given: TokenParts): HandlersOf<SessionOperation> {
  const parts = { ...given, keys: new IssuerKeys() };
  return {
    async AssumeRole(input, caller) {
      refuseDevice(input);
      refuseUnknown({
        MinimumSessionTokenSize: input.minimumSessionTokenSize,
        ProvidedContexts: input.providedContexts,
      });
      const { roleSessionName: session, policyArns, ...wish } = input;
      const asking = { principal: principalOf(caller), origin: originOf(caller) };
      const arns = policyArns?.map(({ arn }) => arn);
      const made = await assumeRole(parts, asking, { ...wish, session, policyArns: arns });
      return { ...answerOf(made), sourceIdentity: made.principal.sourceIdentity };
    },

    async AssumeRoleWithWebIdentity(input, caller) {
      const { roleSessionName: session, webIdentityToken: token, policyArns, ...wish } = input;
      refuseUnknown({
        MinimumSessionTokenSize: input.minimumSessionTokenSize,
        'A ProviderId, which names an issuer of tokens of OAuth 2.0,': input.providerId,
      });
      const arns = policyArns?.map(({ arn }) => arn);
      const wished = { ...wish, session, token, policyArns: arns };
      const { token: said, ...made } = await assumeRoleWithWebIdentity(parts, originOf(caller), wished);
      return {
        ...answerOf(made),
        subjectFromWebIdentityToken: said.subject,
        audience: said.audience,
        provider: said.federation.provider,
        sourceIdentity: said.sourceIdentity,
      };
    },

    async GetSessionToken(input, caller) {
      refuseDevice(input);
      refuseUnknown({ MinimumSessionTokenSize: input.minimumSessionTokenSize });
      return { credentials: onTheWire(await getSessionToken(parts, principalOf(caller), input.durationSeconds)) };
    },

    GetAccessKeyInfo: async ({ accessKeyId }, { account }) => await accountOfKey(parts.database, accessKeyId, account),
  };
}

/** Nobody has a device for codes. @throws ServiceError AccessDeniedException if one is named */
function refuseDevice({ serialNumber, tokenCode }: Input<'GetSessionToken'>): void {
  if (serialNumber === undefined && tokenCode === undefined) return;
  throw new ServiceError(
    'AccessDeniedException',
    'MultiFactorAuthentication failed, unable to validate MFA code. Please verify your MFA serial number is valid and ' +
      'associated with this user.',
  );
}

/** @param given values by what they are for @throws ServiceError ValidationException for what this version has not */
function refuseUnknown(given: Readonly<Record<string, unknown>>): void {
  const name = Object.keys(given).find((each) => given[each] !== undefined);
  if (name !== undefined) throw new ServiceError('ValidationException', unavailable(name).message);
}

/** Where all that is well-formed is accepted: credentials that no server would take if it verified signatures. */
export const openSessionHandlers = (now: () => number): HandlersOf<SessionOperation> => ({
  AssumeRole: async ({ sourceIdentity, ...wish }) => ({ ...openSession(wish, now()), sourceIdentity }),

  AssumeRoleWithWebIdentity: async (wish) => ({
    ...openSession(wish, now()),
    subjectFromWebIdentityToken: wish.roleSessionName,
    audience: 'unverified',
    provider: wish.providerId ?? 'unverified',
  }),

  GetSessionToken: async ({ durationSeconds = 43_200 }) => ({ credentials: openCredentials(durationSeconds, now()) }),

  GetAccessKeyInfo: async (_input, { account }) => ({ account }),
});

type OpenWish = {
  readonly roleArn: string;
  readonly roleSessionName: string;
  readonly durationSeconds?: number | undefined;
};

function openSession({ roleArn, roleSessionName, durationSeconds = 3_600 }: OpenWish, now: number) {
  const [account = '', role = ''] = [roleArn.split(':')[4], roleArn.split('/').at(-1)];
  const assumedRoleUser = {
    arn: sessionArn(account, role, roleSessionName),
    assumedRoleId: `${newRoleId()}:${roleSessionName}`,
  };
  return { credentials: openCredentials(durationSeconds, now), assumedRoleUser };
}

const openCredentials = (seconds: number, now: number) => ({
  accessKeyId: newSessionKeyId(),
  secretAccessKey: newSecret(),
  sessionToken: newSecret(),
  expiration: Math.floor(now / 1000) + seconds,
});

const answerOf = ({ principal, credentials, packedPolicySize }: AssumedRole) => ({
  credentials: onTheWire(credentials),
  assumedRoleUser: { arn: principal.arn, assumedRoleId: principal.id },
  packedPolicySize,
});

const onTheWire = ({ expiresAt, accessKeyId, secretAccessKey, sessionToken }: TemporaryCredentials) => ({
  ...{ accessKeyId, secretAccessKey, sessionToken },
  expiration: Math.floor(expiresAt / 1000),
});

/** @throws Error for a caller whose signature nobody has verified */
function principalOf({ principal }: Caller): Principal {
  if (!principal) throw new Error('Sessions are made for verified signatures alone.');
  return principal;
}

const originOf = ({ origin, region }: Pick<Operator, 'origin' | 'region'>): CallOrigin => ({
  ...{ sourceIp: undefined, secure: false, userAgent: undefined },
  ...origin,
  region,
});

/** An account learns of its own keys alone. */
async function accountOfKey(database: Database, id: string, account: string): Promise<{ account: string }> {
  const keys = database.selectFrom('access_keys').select('id').where('id', '=', id).where('account', '=', account);
  if (await keys.executeTakeFirst()) return { account };
  throw new ServiceError('ValidationException', `Access key ${id} is none of this account.`);
}

import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import type { Federation } from '../principal.ts';
import { providerArn } from '../principals/identifiers.ts';
import { findProvider, issuerName, type OidcProvider } from '../principals/oidc-provider-store.ts';
import type { Tag } from '../principals/principal-tags.ts';
import { type IssuerKeys, IssuerUnreachableError } from './issuer-keys.ts';

/** What an issuer's token says. */
export type IdentityToken = {
  readonly subject: string;
  /** The client that it was issued to. */
  readonly audience: string;
  readonly federation: Federation;
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
  readonly sourceIdentity: string | undefined;
};

export type TokenVerifierParts = {
  readonly database: Database;
  readonly keys: IssuerKeys;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
};

/** Those that AWS takes. None is made with a shared secret, and `none` is not among them. */
const algorithms = ['RS256', 'RS384', 'RS512', 'ES256', 'ES384', 'ES512'];

/** Seconds by which clocks may differ. */
const skew = 60;

/**
 * Verifies a token by the keys of its issuer, which the account must know.
 *
 * @param account that of the role which is asked for
 * @throws ServiceError InvalidIdentityTokenException, ExpiredIdentityTokenException, IDPCommunicationErrorException
 */
export async function verifyIdentityToken(
  { database, keys, now }: TokenVerifierParts,
  { token, account }: { readonly token: string; readonly account: string },
): Promise<IdentityToken> {
  const provider = await providerOf(database, account, token);
  try {
    const { payload } = await jwtVerify(token, await keys.of(provider.url), {
      issuer: [provider.url, `${provider.url}/`],
      algorithms,
      clockTolerance: skew,
      currentDate: new Date(now()),
      requiredClaims: ['sub', 'exp', 'iat'],
    });
    return readClaims(provider, payload, now());
  } catch (error) {
    throw refusalFor(error, now());
  }
}

/** The provider of an account that a token says it is of. */
async function providerOf(database: Database, account: string, token: string): Promise<OidcProvider> {
  const issuer = claimedIssuer(token);
  const provider = await findProvider(database, providerArn(account, issuerName(issuer)));
  if (provider && provider.url === issuer.replace(/\/$/, '')) return provider;
  throw invalid(`No OpenIDConnect provider found in your account for ${issuer.slice(0, 300)}`);
}

function claimedIssuer(token: string): string {
  try {
    const { iss } = decodeJwt(token);
    if (typeof iss === 'string') return iss;
  } catch {
    // It is said below.
  }
  throw invalid('The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)');
}

/** Where AWS looks for tags and the source identity of a session. */
const [tagsClaim, sourceIdentityClaim] = ['https://aws.amazon.com/tags', 'https://aws.amazon.com/source_identity'];

function readClaims(provider: OidcProvider, payload: JWTPayload, now: number): IdentityToken {
  const { sub: subject, aud, azp, amr, iat } = payload;
  if (typeof subject !== 'string' || !/^.{1,255}$/su.test(subject)) throw invalid('The token has no usable subject.');
  if (iat !== undefined && iat > now / 1000 + skew) throw invalid('The token is issued in the future.');
  const audiences = typeof azp === 'string' ? [azp] : textsOf(aud);
  const [audience] = audiences.filter((id) => provider.clientIds.includes(id));
  if (audience === undefined) throw invalid('Incorrect token audience');
  const name = issuerName(provider.url);
  const keys = { [`${name}:aud`]: audiences, [`${name}:sub`]: [subject], [`${name}:amr`]: textsOf(amr) };
  return {
    subject,
    audience,
    federation: { provider: provider.arn, keys: { ...keys, [`${name}:oaud`]: textsOf(aud) } },
    ...tagsIn(payload[tagsClaim]),
    sourceIdentity: sourceIdentityIn(payload[sourceIdentityClaim]),
  };
}

/** `{"principal_tags":{"team":["films"]},"transitive_tag_keys":["team"]}` */
function tagsIn(claim: unknown): Pick<IdentityToken, 'tags' | 'transitiveTagKeys'> {
  const given: { principal_tags?: unknown; transitive_tag_keys?: unknown } = Object(claim);
  const tags = Object.entries(Object(given.principal_tags)).flatMap(([key, values]) =>
    textsOf(values)
      .slice(0, 1)
      .map((value) => ({ key, value })),
  );
  return { tags, transitiveTagKeys: textsOf(given.transitive_tag_keys) };
}

function sourceIdentityIn(claim: unknown): string | undefined {
  if (claim === undefined) return undefined;
  if (typeof claim === 'string' && /^[\w+=,.@-]{2,64}$/.test(claim)) return claim;
  throw invalid(`The claim ${sourceIdentityClaim} must have 2 to 64 letters, digits and any of +=,.@-_.`);
}

/** One text or a list of them. */
function textsOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  return list.filter((text) => typeof text === 'string');
}

/** In the words of AWS. */
function refusalFor(error: unknown, now: number): unknown {
  if (error instanceof ServiceError) return error;
  if (error instanceof errors.JWTExpired) {
    const times = `current date/time ${Math.floor(now / 1000)} must be before the expiration date/time`;
    return new ServiceError('ExpiredIdentityTokenException', `Token expired: ${times} ${error.payload.exp}`);
  }
  if (error instanceof IssuerUnreachableError || error instanceof errors.JWKSTimeout) {
    const text = "The identity provider's keys could not be fetched";
    return new ServiceError('IDPCommunicationErrorException', `${text}: ${error.message}`);
  }
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) {
    return invalid(
      "Couldn't retrieve verification key from your identity provider, please reference AssumeRoleWithWebIdentity " +
        'documentation for requirements',
    );
  }
  return error instanceof errors.JOSEError ? invalid(`The token cannot be verified: ${error.message}.`) : error;
}

const invalid = (message: string) => new ServiceError('InvalidIdentityTokenException', message);

import { ServiceError } from '../../contract/errors.ts';
import type { Database } from '../../data/database/database.ts';
import { policyToAttach } from '../authorisation/policy-store.ts';
import { MalformedPolicyError } from '../policies/malformed-policy.ts';
import { readPolicy } from '../policies/policy.ts';
import type { Federation, SessionLimits } from '../principal.ts';
import { checkTags, mergeTags, type Tag } from '../principals/principal-tags.ts';
import type { Role } from '../principals/role-store.ts';

/** What a session of a role is asked to be. */
export type SessionWish = {
  readonly roleArn: string;
  readonly session: string;
  readonly durationSeconds?: number | undefined;
  /** Document. */
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
  readonly tags?: readonly Tag[] | undefined;
  readonly transitiveTagKeys?: readonly string[] | undefined;
  readonly sourceIdentity?: string | undefined;
};

/** Unless it is said otherwise, and the most of a session that another session of a role has asked for. */
const hourSeconds = 3_600;

/** Bytes of policies and tags that a session token carries at most: headers hold no more than 16 KiB in all. */
const mostPacked = 4_096;

/** Seconds that a session lasts. @throws ServiceError ValidationException if that is more than it may */
export function lifetimeOf(
  { maxSessionSeconds }: Pick<Role, 'maxSessionSeconds'>,
  { durationSeconds = hourSeconds }: SessionWish,
  isChained: boolean,
): number {
  if (isChained && durationSeconds > hourSeconds) {
    throw invalid('The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.');
  }
  if (durationSeconds > maxSessionSeconds) {
    throw invalid('The requested DurationSeconds exceeds the MaxSessionDuration set for this role.');
  }
  return durationSeconds;
}

/**
 * The session policies; undefined where there are none.
 *
 * @param account that of the role, whose policies can be named
 * @throws ServiceError MalformedPolicyDocumentException with the place, ResourceNotFoundException for a policy
 */
export async function limitsOf(
  database: Database,
  account: string,
  { policy, policyArns = [] }: SessionWish,
): Promise<SessionLimits | undefined> {
  if (policy === undefined && policyArns.length === 0) return undefined;
  const arns: string[] = [];
  for (const arn of policyArns) arns.push(await policyToAttach(database, account, arn));
  return { documents: policy === undefined ? [] : [readSessionPolicy(policy)], policyArns: arns };
}

/** The document without white space between its elements, which a token need not carry. */
function readSessionPolicy(document: string): string {
  try {
    readPolicy(document, 'session');
  } catch (error) {
    if (!(error instanceof MalformedPolicyError)) throw error;
    throw new ServiceError('MalformedPolicyDocumentException', error.message);
  }
  return JSON.stringify(JSON.parse(document));
}

/** What a session takes over from the one that asks for it, and hands on to those that it asks for. */
export type SessionTags = {
  readonly tags: readonly Tag[];
  readonly transitiveTagKeys: readonly string[];
};

/**
 * The tags of a session: those that are asked for, and the transitive ones of the session that asks.
 *
 * @throws ServiceError ValidationException if a transitive tag would change, InvalidInputException for malformed tags
 */
export function tagsOf(asking: Partial<SessionTags>, { tags = [], transitiveTagKeys = [] }: SessionWish): SessionTags {
  checkTags(tags);
  const inherited = lowerCase(asking.transitiveTagKeys ?? []);
  if ([...tags.map(({ key }) => key), ...transitiveTagKeys].some((key) => inherited.has(key.toLowerCase()))) {
    throw invalid(
      "One of the specified transitive tag keys can't be set because it conflicts with a transitive tag key from " +
        'the calling session.',
    );
  }
  const given = lowerCase(tags.map(({ key }) => key));
  if (transitiveTagKeys.some((key) => !given.has(key.toLowerCase()))) {
    throw invalid('The specified transitive tag key must be included in the requested tags.');
  }
  const handedOn = (asking.tags ?? []).filter(({ key }) => inherited.has(key.toLowerCase()));
  return {
    tags: mergeTags(handedOn, tags),
    transitiveTagKeys: [...(asking.transitiveTagKeys ?? []), ...transitiveTagKeys],
  };
}

const lowerCase = (keys: readonly string[]): ReadonlySet<string> => new Set(keys.map((key) => key.toLowerCase()));

type Packed = {
  readonly limits: SessionLimits | undefined;
  readonly tags: readonly Tag[];
  readonly federation: Federation | undefined;
};

/**
 * How much of what a session can carry it carries, in percent; undefined for one without policies and tags.
 *
 * @throws ServiceError PackedPolicyTooLargeException
 */
export function packedSize({ limits, tags, federation }: Packed): number | undefined {
  const percent = Math.ceil((100 * Buffer.byteLength(JSON.stringify([limits, tags, federation]))) / mostPacked);
  if (percent <= 100) return limits === undefined && tags.length === 0 ? undefined : percent;
  throw new ServiceError(
    'PackedPolicyTooLargeException',
    `Packed policy consumes ${percent}% of allotted space, please use smaller policy.`,
  );
}

const invalid = (message: string) => new ServiceError('ValidationException', message);

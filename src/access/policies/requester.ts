import { isObject, type Json } from './document.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { textsOf } from './texts.ts';

/** Who asks, as policies with a Principal see it. */
export type Requester =
  | {
      readonly kind: 'aws';
      readonly account: string;
      readonly arn: string;
      /** Of temporary credentials: a policy may name the role instead of its session. */
      readonly roleArn?: string;
    }
  /** Such as `personalize.amazonaws.com`. */
  | { readonly kind: 'service'; readonly name: string }
  /** By the ARN or the URL of an OIDC issuer. */
  | { readonly kind: 'federated'; readonly provider: string };

/** A user, a role, or the root of an account. */
export type AwsRequester = Extract<Requester, { kind: 'aws' }>;

/**
 * How a Principal names who asks: by its own ARN; as one of more, by the role of its session or as everybody; or by its
 * account.
 */
export type Naming = 'itself' | 'more' | 'account';

/** Whom a statement is about. */
export type Principals = {
  /** NotPrincipal: everybody else. */
  readonly negated: boolean;
  readonly namingOf: (requester: Requester) => Naming | undefined;
};

const kinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** @throws MalformedPolicyError */
export function readPrincipals(place: string, given: Json, negated: boolean): Principals {
  if (given === '*') return { negated, namingOf: () => 'more' };
  if (!isObject(given))
    throw new MalformedPolicyError(place, 'Invalid principal in policy: it is neither "*" nor an object.');
  const named = new Map<string, ReadonlySet<string>>();
  for (const [kind, value] of Object.entries(given)) {
    const at = `${place}.${kind}`;
    if (!kinds.includes(kind)) {
      throw new MalformedPolicyError(at, `Invalid principal in policy: one of ${kinds.join(', ')} must stand there.`);
    }
    const texts = textsOf(at, value);
    for (const text of texts) checkName(at, kind, text);
    named.set(kind, new Set(texts));
  }
  return { negated, namingOf: (requester) => namingBy(named, requester) };
}

const awsName =
  /^(\*|\d{12}|arn:[\w-]+:iam::\d{12}:(root|user\/\S+|role\/\S+)|arn:[\w-]+:sts::\d{12}:\S+|A[A-Z\d]{15,})$/;

/** A wildcard means everybody, and nothing less. */
function checkName(place: string, kind: string, text: string): void {
  const isName = kind === 'AWS' ? awsName.test(text) && (text === '*' || !text.includes('*')) : text !== '';
  if (!isName) throw new MalformedPolicyError(place, `Invalid principal in policy: "${kind}":"${text}"`);
}

function namingBy(named: ReadonlyMap<string, ReadonlySet<string>>, requester: Requester): Naming | undefined {
  const has = (kind: string, text: string) => named.get(kind)?.has(text) ?? false;
  switch (requester.kind) {
    case 'service':
      return has('Service', requester.name) || has('Service', '*') ? 'itself' : undefined;
    case 'federated':
      return has('Federated', requester.provider) || has('Federated', '*') ? 'itself' : undefined;
    case 'aws': {
      const { account, arn, roleArn } = requester;
      if (has('AWS', arn)) return 'itself';
      if ((roleArn !== undefined && has('AWS', roleArn)) || has('AWS', '*')) return 'more';
      const partition = arn.split(':')[1];
      return has('AWS', account) || has('AWS', `arn:${partition}:iam::${account}:root`) ? 'account' : undefined;
    }
  }
}

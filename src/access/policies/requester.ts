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

/** How a Principal names who asks: itself, the role of its session, or the account that it belongs to. */
export type Naming = 'itself' | 'role' | 'account';

/** Whom a statement is about. */
export type Principals = {
  /** NotPrincipal: everybody else. */
  readonly negated: boolean;
  readonly namingOf: (requester: Requester) => Naming | undefined;
};

const kinds = ['AWS', 'Service', 'Federated', 'CanonicalUser'];

/** @throws MalformedPolicyError */
export function readPrincipals(place: string, given: Json, negated: boolean): Principals {
  if (given === '*') return { negated, namingOf: everybody };
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

/** A session is named no more closely than its role is. */
const everybody = (requester: Requester): Naming =>
  requester.kind === 'aws' && requester.roleArn !== undefined ? 'role' : 'itself';

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
      if (roleArn !== undefined && has('AWS', roleArn)) return 'role';
      if (has('AWS', '*')) return everybody(requester);
      const partition = arn.split(':')[1];
      return has('AWS', account) || has('AWS', `arn:${partition}:iam::${account}:root`) ? 'account' : undefined;
    }
  }
}

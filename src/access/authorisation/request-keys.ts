import type { Context } from '../policies/context.ts';
import type { Federation, Principal } from '../principal.ts';
import type { Tag } from '../principals/principal-tags.ts';
import { addTags } from './needs.ts';

/** What a call's conditions can ask about besides its input and its resources. */
export type CallFacts = CallOrigin & {
  readonly principal: Principal;
  /** Tags of the user or the role, and of the session. */
  readonly principalTags: readonly Tag[];
  /** ARN of the role of temporary credentials; else that of the principal. */
  readonly principalArn: string;
  /** Milliseconds since 1970. */
  readonly now: number;
};

/** Where a call comes from, and for which region it is. */
export type CallOrigin = {
  /** The address that the connection comes from. */
  readonly sourceIp: string | undefined;
  /** The connection is encrypted. */
  readonly secure: boolean;
  readonly userAgent: string | undefined;
  /** The region of the signature. */
  readonly region: string | undefined;
};

type OriginFacts = CallOrigin & Pick<CallFacts, 'now'>;

const principalTypes = { root: 'Account', user: 'User', session: 'AssumedRole' } as const;

const instant = (now: number) => new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** Keys of every call, in lower case. */
const originKeys: ReadonlyMap<string, (facts: OriginFacts) => string | undefined> = new Map(
  Object.entries<(facts: OriginFacts) => string | undefined>({
    'aws:principalisawsservice': () => 'false',
    'aws:viaawsservice': () => 'false',
    'aws:sourceip': ({ sourceIp }) => sourceIp && plainAddress(sourceIp),
    'aws:securetransport': ({ secure }) => String(secure),
    'aws:useragent': ({ userAgent }) => userAgent,
    'aws:requestedregion': ({ region }) => region,
    'aws:currenttime': ({ now }) => instant(now),
    'aws:epochtime': ({ now }) => String(Math.floor(now / 1000)),
  }),
);

/** And those of calls that a principal makes. */
const globalKeys: ReadonlyMap<string, (facts: CallFacts) => string | undefined> = new Map([
  ...originKeys,
  ...Object.entries<(facts: CallFacts) => string | undefined>({
    'aws:principalarn': ({ principalArn }) => principalArn,
    'aws:principalaccount': ({ principal }) => principal.account,
    'aws:principaltype': ({ principal }) => principalTypes[principal.kind],
    'aws:userid': ({ principal }) => (principal.kind === 'root' ? principal.account : principal.id),
    'aws:username': ({ principal }) => (principal.kind === 'user' ? principal.name : undefined),
    'aws:sourceidentity': ({ principal }) => (principal.kind === 'session' ? principal.sourceIdentity : undefined),
    'aws:federatedprovider': ({ principal }) =>
      principal.kind === 'session' ? principal.federation?.provider : undefined,
    'aws:tokenissuetime': ({ principal: { issuedAt } }) => (issuedAt === undefined ? undefined : instant(issuedAt)),
    'aws:multifactorauthpresent': ({ principal: { issuedAt } }) => (issuedAt === undefined ? undefined : 'false'),
  }),
]);

/** The global condition keys of a call. One without a value is absent. A value is worked out when it is asked for. */
export function requestKeys(facts: CallFacts): Context {
  const known = new Map<string, readonly string[] | undefined>();
  addTags(known, 'aws:principaltag/', facts.principalTags);
  const { principal } = facts;
  if (principal.kind === 'session' && principal.federation) addFederation(known, principal.federation);
  return contextFrom(known, globalKeys, facts);
}

/** The condition keys of a call whose caller shows the token of an issuer. */
export function federatedKeys({ federation, ...facts }: OriginFacts & { readonly federation: Federation }): Context {
  const known = new Map<string, readonly string[] | undefined>([['aws:federatedprovider', [federation.provider]]]);
  addFederation(known, federation);
  return contextFrom(known, originKeys, facts);
}

function contextFrom<Facts>(
  known: Map<string, readonly string[] | undefined>,
  keys: ReadonlyMap<string, (facts: Facts) => string | undefined>,
  facts: Facts,
): Context {
  return (key) => {
    if (known.has(key)) return known.get(key);
    const value = keys.get(key)?.(facts);
    const values = value ? [value] : undefined;
    known.set(key, values);
    return values;
  };
}

/** What the issuer's token has said, such as `login.example.com:sub`. */
function addFederation(known: Map<string, readonly string[] | undefined>, { keys }: Federation): void {
  for (const [key, values] of Object.entries(keys)) known.set(key.toLowerCase(), values);
}

/** A server that listens for both versions of IP sees `::ffff:10.0.0.1`. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

import type { Context } from '../policies/context.ts';
import type { Principal } from '../principal.ts';
import type { Tag } from '../principals/principal-tags.ts';
import { addTags } from './needs.ts';

/** What a call's conditions can ask about besides its input and its resources. */
export type CallFacts = {
  readonly principal: Principal;
  /** Tags of the user or the role, and of the session. */
  readonly principalTags: readonly Tag[];
  /** ARN of the role of temporary credentials; else that of the principal. */
  readonly principalArn: string;
  /** The address that the connection comes from. */
  readonly sourceIp: string | undefined;
  /** The connection is encrypted. */
  readonly secure: boolean;
  readonly userAgent: string | undefined;
  /** The region of the signature. */
  readonly region: string | undefined;
  /** Milliseconds since 1970. */
  readonly now: number;
};

const principalTypes = { root: 'Account', user: 'User', session: 'AssumedRole' } as const;

const instant = (now: number) => new Date(Math.floor(now / 1000) * 1000).toISOString().replace('.000Z', 'Z');

/** By key in lower case. */
const globalKeys: ReadonlyMap<string, (facts: CallFacts) => string | undefined> = new Map(
  Object.entries<(facts: CallFacts) => string | undefined>({
    'aws:principalarn': ({ principalArn }) => principalArn,
    'aws:principalaccount': ({ principal }) => principal.account,
    'aws:principaltype': ({ principal }) => principalTypes[principal.kind],
    'aws:principalisawsservice': () => 'false',
    'aws:viaawsservice': () => 'false',
    'aws:userid': ({ principal }) => (principal.kind === 'root' ? principal.account : principal.id),
    'aws:username': ({ principal }) => (principal.kind === 'user' ? principal.name : undefined),
    'aws:sourceidentity': ({ principal }) => (principal.kind === 'session' ? principal.sourceIdentity : undefined),
    'aws:federatedprovider': ({ principal }) =>
      principal.kind === 'session' ? principal.federation?.provider : undefined,
    'aws:tokenissuetime': ({ principal: { issuedAt } }) => (issuedAt === undefined ? undefined : instant(issuedAt)),
    'aws:multifactorauthpresent': ({ principal: { issuedAt } }) => (issuedAt === undefined ? undefined : 'false'),
    'aws:sourceip': ({ sourceIp }) => sourceIp && plainAddress(sourceIp),
    'aws:securetransport': ({ secure }) => String(secure),
    'aws:useragent': ({ userAgent }) => userAgent,
    'aws:requestedregion': ({ region }) => region,
    'aws:currenttime': ({ now }) => instant(now),
    'aws:epochtime': ({ now }) => String(Math.floor(now / 1000)),
  }),
);

/** The global condition keys of a call. One without a value is absent. A value is worked out when it is asked for. */
export function requestKeys(facts: CallFacts): Context {
  const known = new Map<string, readonly string[] | undefined>();
  addTags(known, 'aws:principaltag/', facts.principalTags);
  addFederation(known, facts.principal);
  return (key) => {
    if (known.has(key)) return known.get(key);
    const value = globalKeys.get(key)?.(facts);
    const values = value ? [value] : undefined;
    known.set(key, values);
    return values;
  };
}

/** What the issuer's token has said, such as `login.example.com:sub`. */
function addFederation(known: Map<string, readonly string[] | undefined>, principal: Principal): void {
  if (principal.kind !== 'session') return;
  for (const [key, values] of Object.entries(principal.federation?.keys ?? {})) known.set(key.toLowerCase(), values);
}

/** A server that listens for both versions of IP sees `::ffff:10.0.0.1`. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

import type { Principal } from '../principal.ts';
import { addTags } from './needs.ts';

export type Tag = { readonly key: string; readonly value: string };

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

/** The global condition keys of a call, in lower case. A key without a value is absent. */
export function requestKeys(facts: CallFacts): Map<string, readonly string[]> {
  const { principal, principalTags, principalArn, sourceIp, secure, userAgent, region, now } = facts;
  const seconds = Math.floor(now / 1000);
  const values = {
    'aws:principalarn': principalArn,
    'aws:principalaccount': principal.account,
    'aws:principaltype': principalTypes[principal.kind],
    'aws:principalisawsservice': 'false',
    'aws:viaawsservice': 'false',
    'aws:userid': principal.kind === 'root' ? principal.account : principal.id,
    'aws:username': principal.kind === 'user' ? principal.name : undefined,
    'aws:sourceip': sourceIp && plainAddress(sourceIp),
    'aws:securetransport': String(secure),
    'aws:useragent': userAgent,
    'aws:requestedregion': region,
    'aws:currenttime': new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
    'aws:epochtime': String(seconds),
  };
  const keys = new Map<string, readonly string[]>();
  for (const [key, value] of Object.entries(values)) if (value) keys.set(key, [value]);
  addTags(keys, 'aws:principaltag/', principalTags);
  return keys;
}

/** A server that listens for both versions of IP sees `::ffff:10.0.0.1`. */
const plainAddress = (address: string) => address.replace(/^::ffff:(?=\d+\.\d+\.\d+\.\d+$)/i, '');

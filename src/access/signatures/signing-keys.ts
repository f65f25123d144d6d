import { createHmac } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { SignatureClaim } from './claim.ts';
import { HmacKey } from './hmac-key.ts';

/** What a signing key is derived for: a day, a region and a service. */
export type Scope = { readonly date: string; readonly region: string; readonly service: string };

/** As signatures have it. */
export const scopeText = ({ date, region, service }: Scope): string => `${date}/${region}/${service}/aws4_request`;

const maxKeys = 10_000;

/** Signing keys by access key and scope. A signing key is derived once a day, as the secret of an access key stays. */
export class SigningKeys {
  readonly #keys = new LRUCache<string, HmacKey>({ max: maxKeys });

  of(claim: Pick<SignatureClaim, 'accessKeyId' | 'scope' | keyof Scope>, secret: () => string): HmacKey {
    const name = `${claim.accessKeyId}/${claim.scope}`;
    const known = this.#keys.get(name);
    if (known) return known;
    const key = signingKey(secret(), claim);
    this.#keys.set(name, key);
    return key;
  }
}

export function signingKey(secret: string, { date, region, service }: Scope): HmacKey {
  const parts = [date, region, service, 'aws4_request'];
  const first = Buffer.from(`AWS4${secret}`);
  return new HmacKey(parts.reduce((key, part) => createHmac('sha256', key).update(part).digest(), first));
}

import { createRemoteJWKSet, customFetch, type JWTVerifyGetKey } from 'jose';
import { LRUCache } from 'lru-cache';
import { boundedFetch } from './bounded-fetch.ts';

/** An issuer cannot be asked for its keys, or gives no usable answer. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

export type IssuerKeysOptions = {
  /** How long after keys were fetched a token with an unknown one has them fetched again, in milliseconds. */
  readonly refetchAfterMs?: number;
  /** How long after a failure an issuer is not asked again, in milliseconds. */
  readonly retryAfterMs?: number;
};

/** Issuers whose keys are kept. */
const mostIssuers = 100;
/** How long a configuration is good, and how long keys are: an issuer that takes one back is believed then. */
const [configurationMs, keysMs] = [3_600_000, 600_000];

/**
 * The public keys of OIDC issuers, found by their configuration (OpenID Connect Discovery 1.0) and kept. However many
 * tokens come, an issuer is asked at a bounded rate.
 */
export class IssuerKeys {
  readonly #options: Required<IssuerKeysOptions>;
  readonly #issuers = new LRUCache<string, Promise<JWTVerifyGetKey>>({ max: mostIssuers, ttl: configurationMs });
  readonly #failures = new LRUCache<string, IssuerUnreachableError>({ max: 2 * mostIssuers });

  constructor({ refetchAfterMs = 30_000, retryAfterMs = 5_000 }: IssuerKeysOptions = {}) {
    this.#options = { refetchAfterMs, retryAfterMs };
  }

  /**
   * What finds the key of a token.
   *
   * @param issuer its URL, without a slash at the end
   * @throws IssuerUnreachableError, as does what it returns
   */
  async of(issuer: string): Promise<JWTVerifyGetKey> {
    const known = this.#issuers.get(issuer);
    if (known) return await known;
    const found = this.#find(issuer);
    this.#issuers.set(issuer, found);
    return await found.catch((error: unknown) => {
      this.#issuers.delete(issuer);
      throw error;
    });
  }

  async #find(issuer: string): Promise<JWTVerifyGetKey> {
    const response = await this.#fetch(`${issuer}/.well-known/openid-configuration`);
    const configuration: unknown = await response.json().catch(() => undefined);
    return createRemoteJWKSet(keysUrl(issuer, configuration), {
      cooldownDuration: this.#options.refetchAfterMs,
      cacheMaxAge: Math.max(keysMs, this.#options.refetchAfterMs),
      [customFetch]: (url) => this.#fetch(url),
    });
  }

  async #fetch(url: string): Promise<Response> {
    const failure = this.#failures.get(url);
    if (failure) throw failure;
    return await boundedFetch(url).catch((cause: unknown) => {
      const error = new IssuerUnreachableError(`${url} cannot be fetched.`, { cause });
      this.#failures.set(url, error, { ttl: this.#options.retryAfterMs });
      throw error;
    });
  }
}

/** Where an issuer has its keys. @throws IssuerUnreachableError */
function keysUrl(issuer: string, configuration: unknown): URL {
  const { issuer: named, jwks_uri: uri }: { issuer?: unknown; jwks_uri?: unknown } = Object(configuration);
  if (named !== issuer && named !== `${issuer}/`) {
    throw new IssuerUnreachableError(`The configuration of ${issuer} is of another issuer.`);
  }
  const url = typeof uri === 'string' && URL.canParse(uri) ? new URL(uri) : undefined;
  // Plain HTTP is for an issuer on this machine, which leads nowhere else.
  const isSafe = url?.protocol === 'https:' || (url?.protocol === 'http:' && url.origin === new URL(issuer).origin);
  if (!url || !isSafe) throw new IssuerUnreachableError(`The configuration of ${issuer} names no URL of keys.`);
  return url;
}

import { ServiceError } from '../../contract/errors.ts';
import { readClaim } from './claim.ts';
import { personalizeRules, type SignedRequest, type SigningRules } from './signed-request.ts';
import { signingKey } from './signing-keys.ts';
import { verify } from './verify.ts';

/** A request as Node's server hands it over: names of headers in lower case, and those that came twice joined. */
export function received(
  { method, url, body = '' }: { readonly method: string; readonly url: string; readonly body?: string | Uint8Array },
  headers: readonly (readonly [string, string])[],
): SignedRequest {
  const joined: Record<string, string> = {};
  for (const [given, value] of headers) {
    const name = given.toLowerCase();
    const before = joined[name];
    if (before === undefined) joined[name] = trimmed(value);
    else if (!['host', 'authorization', 'date', 'content-type'].includes(name)) joined[name] = `${before}, ${value}`;
  }
  const rawHeaders = headers.flatMap(([name, value]) => [name, trimmed(value)]);
  return { method, url, headers: joined, rawHeaders, body: Buffer.from(body) };
}

const trimmed = (value: string) => value.replace(/^[ \t]+|[ \t]+$/g, '');

type Check = {
  readonly secret: string;
  /** Whose secret it is; without, that of any access key. */
  readonly accessKeyId?: string;
  readonly now: number;
  readonly rules?: SigningRules;
};

/** `verified`, or why a request is refused: code and message. */
export function outcome(request: SignedRequest, { secret, accessKeyId, now, rules = personalizeRules }: Check): string {
  try {
    const claim = readClaim(request, rules.service);
    if (accessKeyId !== undefined && claim.accessKeyId !== accessKeyId) return 'unknown access key';
    verify(request, claim, signingKey(secret, claim), { rules, now });
    return 'verified';
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

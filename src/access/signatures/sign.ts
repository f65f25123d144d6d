import { hash } from 'node:crypto';
import { canonicalRequest } from './canonical-request.ts';
import { algorithm } from './claim.ts';
import type { SignedRequest, SigningRules } from './signed-request.ts';
import { basicTime } from './signed-time.ts';
import { scopeText, signingKey } from './signing-keys.ts';
import { signatureOf } from './verify.ts';

/** What a client signs with. */
export type SigningCredentials = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
};

type UnsignedRequest = Pick<SignedRequest, 'method' | 'url' | 'body'> & {
  /** By name in lower case, with the host: all of them are signed. */
  readonly headers: Readonly<Record<string, string>>;
};

/** Signs a request as a client does. @param at milliseconds since the epoch @returns all headers to send */
export function signed(
  { method, url, body, headers: given }: UnsignedRequest,
  { accessKeyId, secretAccessKey, sessionToken }: SigningCredentials,
  { region, rules, at }: { readonly region: string; readonly rules: SigningRules; readonly at: number },
): Readonly<Record<string, string>> {
  const time = basicTime(at);
  const scope = { date: time.slice(0, 8), region, service: rules.service };
  const headers = {
    ...given,
    'x-amz-date': time,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const request = { method, url, body, headers, rawHeaders: Object.entries(headers).flat() };
  const canonical = canonicalRequest(request, names, hash('sha256', body), rules);
  const signature = signatureOf(canonical, time, scopeText(scope), signingKey(secretAccessKey, scope));
  const credential = `${accessKeyId}/${scopeText(scope)}`;
  const authorization = `${algorithm} Credential=${credential}, SignedHeaders=${names.join(';')}, Signature=${signature}`;
  return { ...headers, authorization };
}

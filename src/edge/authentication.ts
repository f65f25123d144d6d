import { timingSafeEqual } from 'node:crypto';
import type { Signer } from '../access/principals/verified-principal.ts';
import { readClaim } from '../access/signatures/claim.ts';
import { type SignedRequest, type SigningRules, signingRules } from '../access/signatures/signed-request.ts';
import { ServiceError } from '../contract/errors.ts';
import type { Operator } from '../control/handler.ts';
import type { Steps, WholeRequest } from './pipeline.ts';
import { announcement } from './running-server.ts';

type AuthenticationParts = {
  /** The account of every caller whose signature is not verified. */
  readonly account: string;
  /** That of the server, which stands in its home. */
  readonly token: string;
  /** Verifies signatures. Without, one that is well-formed will do. */
  readonly verify?: ((request: SignedRequest, rules: SigningRules) => Signer) | undefined;
};

/**
 * Tells who calls by what the operation asks for: a signature, the server's token, or nothing. Where signatures are
 * verified, nothing is not enough: either of the other two will do. The token of another issuer is for the operation
 * to verify.
 */
export function authenticateBy({ account, token, verify }: AuthenticationParts): Steps['authenticate'] {
  return (request, { shows, service }): Operator => {
    const rules = signingRules[service];
    const { id, headers } = request;
    const operator = { account, requestId: id, ...(service === 'sts' && { origin: originOf(request) }) };
    if (shows === 'issued token') return operator;
    if (shows === 'token' || (verify && shows === 'nothing' && headers.authorization?.startsWith('Bearer '))) {
      requireToken(headers.authorization, token);
      return operator;
    }
    if (verify) {
      const { principal, accessKeyId, region } = verify(request, rules);
      return { ...operator, account: principal.account, region, accessKeyId, principal };
    }
    if (shows === 'nothing') return operator;
    const { accessKeyId, region } = readClaim(request, rules.service);
    if (service === 'iam' && headers.authorization === undefined) throw urlOfPage();
    return { ...operator, accessKeyId, region };
  };
}

/**
 * A page of another origin can have a browser open a URL, and under a name of --allowed-host over plain HTTP the
 * browser does not say so. A signature in a header no page can send unasked.
 */
const urlOfPage = () =>
  new ServiceError(
    'AccessDeniedException',
    'Where signatures are not verified, IAM takes them in the Authorization header alone: a web page could open a URL.',
  );

const originOf = ({ remoteAddress: sourceIp, secure, headers }: WholeRequest) => ({
  ...{ sourceIp, secure },
  userAgent: headers['user-agent'],
});

/** @throws ServiceError AccessDeniedException */
function requireToken(header: string | undefined, token: string): void {
  if (bearsToken(header, token)) return;
  throw new ServiceError(
    'AccessDeniedException',
    `This is only for who may read ${announcement} in the server's home.`,
  );
}

/** Whether an Authorization header has the server's token. */
export function bearsToken(header: string | undefined, token: string): boolean {
  const [given, expected] = [Buffer.from(header ?? ''), Buffer.from(`Bearer ${token}`)];
  return given.length === expected.length && timingSafeEqual(given, expected);
}

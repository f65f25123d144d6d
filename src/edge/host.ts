import { ServiceError } from '../contract/errors.ts';

/** A name or address, with a port or without; an IPv6 address in brackets. */
const hostHeader = /^(\[[\da-f:.]+\]|[\w.-]+)(?::\d{1,5})?$/i;

/** The last header, and its name: clients ask for one host over and over. */
let latest: { readonly header: string; readonly name: string | undefined } | undefined;

/** The name that a Host header has, in lower case; undefined if it is none. */
export function hostName(header = ''): string | undefined {
  if (latest?.header !== header) latest = { header, name: nameIn(header) };
  return latest.name;
}

const nameIn = (header: string): string | undefined => hostHeader.exec(header)?.[1]?.toLowerCase().replace(/\.$/, '');

/** Names that lead to this machine wherever they are looked up (RFC 6761, section 6.3). */
const loopback = /^(localhost|.+\.localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Whether an address to listen on is of this machine alone. */
export const isLoopback = (host: string): boolean => loopback.test(host) || host === '::1';

/**
 * The service's own names, which clients with a fixed endpoint use (AWS Amplify) and which no web site can point here.
 */
const service =
  /^(personalize(-events|-runtime)?\.[a-z\d-]+|s3([.-][a-z\d-]+)?|(iam|sts)(\.[a-z\d-]+)?)\.amazonaws\.com(\.cn)?$/;

/**
 * Refuses requests for other names than those of this machine and `allowed` ones. A web site could otherwise have its
 * own name lead to this machine (DNS rebinding), and its pages would be of the same origin as the server. They have
 * nothing to sign with, so a server that verifies signatures answers under `any` name.
 *
 * @returns a check that throws ServiceError AccessDeniedException
 */
export function hostCheck(allowed: readonly string[] | 'any'): (header: string | undefined) => void {
  if (allowed === 'any') return () => {};
  const names = new Set(allowed.map(hostName));
  return (header) => {
    const name = hostName(header);
    if (name !== undefined && (loopback.test(name) || service.test(name) || names.has(name))) return;
    throw new ServiceError(
      'AccessDeniedException',
      `The server does not answer as ${JSON.stringify(header ?? '')}. Ask it as localhost, or start it with ` +
        `--allowed-host ${name ?? 'NAME'} if that name is yours.`,
    );
  };
}

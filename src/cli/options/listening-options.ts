import { InvalidArgumentError } from 'commander';
import { parseRange } from '../../access/policies/addresses.ts';
import { option } from './option.ts';

/** How connections are encrypted. */
export const tlsOptions = {
  tlsCert: option({
    flags: '--tls-cert <file>',
    help: 'certificate with its chain, as PEM: the server then speaks HTTPS, TLS 1.2 or later',
    docs: 'It needs `--tls-key`. Files that are replaced are in use within seconds: [TLS](security.md#tls).',
    defaultText: 'plain HTTP',
    restart: 'shown',
  }),
  tlsKey: option({
    flags: '--tls-key <file>',
    help: 'its key, as PEM without a passphrase',
    defaultText: 'none',
    restart: 'shown',
  }),
};

/** Who connects, and how much that may be. */
export const listeningOptions = {
  trustedProxies: option({
    flags: '--trusted-proxy <range>',
    help: 'addresses of proxies, such as 10.0.0.0/8, whose X-Forwarded-For and -Proto tell the client, repeatable',
    docs: 'For policies with `aws:SourceIp` and `aws:SecureTransport`, and the audit trail.',
    default: [],
    defaultText: 'none: the headers mean nothing',
    parse: parseRanges,
    restart: 'shown',
  }),
};

/** Several by repetition or, as in the environment, with commas. */
function parseRanges(given: string, previous: readonly string[]): readonly string[] {
  const ranges = given.split(',').map((text) => text.trim());
  if (ranges.every((range) => parseRange(range) !== undefined)) return [...previous, ...ranges];
  throw new InvalidArgumentError('It is an address or a range of addresses, such as 10.1.2.3 or 10.0.0.0/8.');
}

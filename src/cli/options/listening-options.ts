import { InvalidArgumentError } from 'commander';
import { parseRange } from '../../access/policies/addresses.ts';
import { defaultConnectionLimits } from '../../edge/connections.ts';
import { option } from './option.ts';
import { numberThat } from './parsers.ts';

const connections = numberThat(/^[1-9]\d{0,6}$/, 'It is a whole number from 1 to 9999999.');

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
  maxConnections: option({
    flags: '--max-connections <n>',
    help: 'how many connections are open at once',
    docs: 'Requests over further ones are answered with 503. Each connection costs some 20 KB and an open file.',
    default: defaultConnectionLimits.all,
    parse: connections,
  }),
  maxConnectionsPerAddress: option({
    flags: '--max-connections-per-address <n>',
    help: 'how many of them come from one address, or one /64 network of IPv6',
    docs: 'Those of `--trusted-proxy` are not counted by address. A proxy beside the server, too, is one address.',
    default: defaultConnectionLimits.eachAddress,
    parse: connections,
  }),
};

/** Several by repetition or, as in the environment, with commas. */
function parseRanges(given: string, previous: readonly string[]): readonly string[] {
  const ranges = given.split(',').map((text) => text.trim());
  if (ranges.every((range) => parseRange(range) !== undefined)) return [...previous, ...ranges];
  throw new InvalidArgumentError('It is an address or a range of addresses, such as 10.1.2.3 or 10.0.0.0/8.');
}

import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { type AddressRange, parseRange } from '../access/policies/addresses.ts';

/** Where a request comes from. */
export type Origin = {
  /** Undefined once the connection is closed. */
  readonly remoteAddress: string | undefined;
  /** The client's connection is encrypted. */
  readonly secure: boolean;
};

type Message = Pick<IncomingMessage, 'socket' | 'headers'>;

export type OriginOf = (message: Message) => Origin;

/** As the connection has it. */
export const originOfConnection: OriginOf = ({ socket }) => ({
  remoteAddress: socket.remoteAddress,
  secure: 'encrypted' in socket,
});

/**
 * Of a connection from one of these proxies, `X-Forwarded-For` and `X-Forwarded-Proto` count, of any other one they do
 * not: a client can write into them what it likes. For the same reason the client is the last address in the list that
 * is no such proxy.
 *
 * @param proxies addresses and ranges in CIDR notation
 */
export function originBehind(proxies: readonly string[]): OriginOf {
  const isProxy = addressIn(proxies);
  return (message) => {
    const connection = originOfConnection(message);
    const { headers } = message;
    if (!isProxy(connection.remoteAddress)) return connection;
    const protocol = listOf(headers['x-forwarded-proto']).at(-1);
    return {
      remoteAddress: clientOf(listOf(headers['x-forwarded-for']), isProxy) ?? connection.remoteAddress,
      secure: protocol === undefined ? connection.secure : protocol.toLowerCase() === 'https',
    };
  };
}

/** Whether an address is in one of these ranges. */
export function addressIn(ranges: readonly string[]): (address: string | undefined) => boolean {
  const known = ranges.map(parseRange).filter((range): range is AddressRange => range !== undefined);
  return (address) => {
    if (address === undefined || known.length === 0) return false;
    // As a socket for both versions has those of version 4.
    const plain = address.replace(/^::ffff:(?=\d+\.)/i, '');
    return known.some((range) => range.contains(plain));
  };
}

function clientOf(addresses: readonly string[], isProxy: (address: string) => boolean): string | undefined {
  let client: string | undefined;
  for (const address of addresses.toReversed()) {
    // What is no address was not written by a proxy that can be trusted.
    if (isIP(address) === 0) break;
    client = address;
    if (!isProxy(address)) break;
  }
  return client;
}

const listOf = (header: string | readonly string[] | undefined): readonly string[] =>
  header === undefined
    ? []
    : String(header)
        .split(',')
        .map((text) => text.trim());

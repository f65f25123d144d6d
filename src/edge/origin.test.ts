import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { originBehind } from './origin.ts';

const originOf = originBehind(['10.0.0.0/8', 'fd00::/8', '192.0.2.1']);

/** A request over a connection from an address. */
function from(remoteAddress: string, headers: Readonly<Record<string, string>> = {}, encrypted = false) {
  // No more of a socket is read.
  const socket = { remoteAddress, ...(encrypted && { encrypted }) } as unknown as Socket;
  const { remoteAddress: address, secure } = originOf({ socket, headers });
  return `${address} ${secure ? 'over TLS' : 'in the clear'}`;
}

const forwarded = (addresses: string, protocol = 'https') => ({
  'x-forwarded-for': addresses,
  'x-forwarded-proto': protocol,
});

it('believes no header of a connection that comes from no proxy', () => {
  expect(from('198.51.100.7', forwarded('203.0.113.9'))).toBe('198.51.100.7 in the clear');
  expect(from('192.0.2.2', forwarded('203.0.113.9'))).toBe('192.0.2.2 in the clear');
  expect(from('198.51.100.7', {}, true)).toBe('198.51.100.7 over TLS');
});

it.each([
  ['a proxy', '10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['a proxy, as a socket for both versions has it', '::ffff:10.1.2.3', '203.0.113.9', '203.0.113.9'],
  ['a proxy of version 6', 'fd00::1', '2001:db8::7', '2001:db8::7'],
  ['several proxies', '10.1.2.3', '203.0.113.9, 10.9.9.9,192.0.2.1', '203.0.113.9'],
  ['a client that has made addresses up', '10.1.2.3', '10.7.7.7, 198.51.100.1, 203.0.113.9', '203.0.113.9'],
  ['a client that is in the network of the proxies', '10.1.2.3', '10.7.7.7, 10.8.8.8', '10.7.7.7'],
  ['a list with no address in it', '10.1.2.3', 'unknown', '10.1.2.3'],
  ['a list with a port in it', '10.1.2.3', '203.0.113.9, 198.51.100.1:80', '10.1.2.3'],
])('takes the client from %s', (_, connection, list, client) => {
  expect(from(connection, forwarded(list))).toBe(`${client} over TLS`);
});

it('takes the protocol from the proxy that is nearest', () => {
  expect(from('10.1.2.3', forwarded('203.0.113.9', 'http'), true)).toBe('203.0.113.9 in the clear');
  expect(from('10.1.2.3', forwarded('203.0.113.9', 'https, http'))).toBe('203.0.113.9 in the clear');
  expect(from('10.1.2.3', { 'x-forwarded-for': '203.0.113.9' }, true)).toBe('203.0.113.9 over TLS');
});

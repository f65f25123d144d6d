import { describe, expect, it } from 'vitest';
import { networkOf } from './connections.ts';
import { said, startTarget, wholeCall } from './hostile.fixture.ts';

const closing = wholeCall({ connection: 'close' });

describe('beyond the limit of connections', () => {
  it.each([
    ['of all', { all: 10, eachAddress: 1000, proxies: [] }],
    ['of an address', { all: 1000, eachAddress: 10, proxies: ['10.0.0.0/8'] }],
    ['of all, from a proxy', { all: 10, eachAddress: 1, proxies: ['127.0.0.1'] }],
  ])('%s, a client is told so, and served once there is room', async (_, connectionLimits) => {
    await using target = await startTarget({ connectionLimits });
    const open = Array.from({ length: 10 }, () => target.connect());
    await expect.poll(target.connections).toBe(10);
    const next = target.connect();
    await expect.poll(target.connections).toBe(11);
    const closed = target.connect();
    expect(await said(closed)).toBe('');
    next.write(wholeCall());
    const refusal = await said(next);
    expect(refusal).toMatch(/^HTTP\/1\.1 503 /);
    expect(refusal).toMatch(/\r\nretry-after: 1\r\n/);
    expect(refusal).toMatch(/\r\nx-amzn-errortype: ServiceUnavailable\r\n/);
    expect(target.asked).toEqual([]);
    // Who was there before is served on, …
    for (const socket of open.slice(0, 2)) {
      socket.write(closing);
      expect(await said(socket)).toMatch(/^HTTP\/1\.1 200 /);
    }
    // … and so is the next one to come.
    await expect.poll(target.connections).toBe(8);
    const late = target.connect();
    late.write(closing);
    expect(await said(late)).toMatch(/^HTTP\/1\.1 200 /);
    for (const socket of open) socket.destroy();
  });
});

it.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:db8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['fe80::', 'fe80:0:0:0'],
])('%s is in the network %s', (address, network) => expect(networkOf(address)).toBe(network));

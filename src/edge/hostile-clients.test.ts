import { expect, it } from 'vitest';
import { headOf, said, startTarget, trickle, wholeCall } from './hostile.fixture.ts';
import { listRecipes } from './http-server.fixture.ts';

const soon = { headersMs: 200, wholeMs: 200, checkEveryMs: 20 };

it.each([
  ['nothing', ''],
  ['a head a byte at a time', headOf({ 'content-length': '2' }) + 'x: y\r\n'.repeat(500)],
  ['a body a byte at a time', `${headOf({ 'content-length': '5000' })}\r\n${'{'.repeat(5000)}`],
  ['chunks a byte at a time', `${headOf({ 'transfer-encoding': 'chunked' })}\r\n${'1\r\n \r\n'.repeat(1000)}`],
])('answers a client that sends %s with 408, and closes its connection', async (_, text) => {
  await using target = await startTarget({ requestTimes: soon });
  const socket = target.connect();
  const answer = said(socket);
  // The head of a slow body is fast.
  const end = /content-length: 5000|chunked/.test(text) ? text.indexOf('\r\n\r\n') + 4 : 0;
  socket.write(text.slice(0, end));
  await trickle(socket, text.slice(end), 5);
  expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
  expect(target.asked).toEqual([]);
  await expect.poll(target.connections).toBe(0);
});

it.each([
  ['ten thousand headers', headOf({}) + 'a: b\r\n'.repeat(10_000), 431],
  ['three hundred small headers', headOf({}) + 'a: b\r\n'.repeat(300), 431],
  ['headers of twenty kilobytes', `${headOf({})}x: ${'y'.repeat(20_000)}\r\n`, 431],
  ['a URL of nine kilobytes', headOf({}, `POST /recommendations?${'q'.repeat(9000)} HTTP/1.1`), 414],
  ['a URL of twenty kilobytes', headOf({}, `POST /${'q'.repeat(20_000)} HTTP/1.1`), 431],
])('refuses %s', async (_, head, status) => {
  await using target = await startTarget();
  const socket = target.connect();
  socket.write(`${head}connection: close\r\n\r\n`);
  const answer = await said(socket);
  expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  expect(answer).toMatch(/\r\nx-amzn-errortype: \w+\r\n/);
  expect(target.asked).toEqual([]);
});

const inner = wholeCall({ connection: 'close' });

// What two readers of a stream of bytes could take for different requests (RFC 9112, section 11.2).
it.each<[string, string]>([
  [
    'both a length and chunks',
    `${headOf({ 'content-length': '5', 'transfer-encoding': 'chunked' })}\r\n0\r\n\r\n${inner}`,
  ],
  ['two lengths', `${headOf({ 'content-length': '0' })}content-length: ${inner.length}\r\n\r\n${inner}`],
  ['a list of lengths', `${headOf({ 'content-length': '0, 0' })}\r\n${inner}`],
  ['a length with a sign', `${headOf({ 'content-length': '+0' })}\r\n${inner}`],
  ['a length in hexadecimal', `${headOf({ 'content-length': '0x0' })}\r\n${inner}`],
  ['a negative length', `${headOf({ 'content-length': '-1' })}\r\n${inner}`],
  ['an unknown coding', `${headOf({ 'transfer-encoding': 'xchunked' })}\r\n0\r\n\r\n${inner}`],
  ['chunks that are not last', `${headOf({ 'transfer-encoding': 'chunked, identity' })}\r\n0\r\n\r\n${inner}`],
  ['a blank before the colon', `${headOf({})}transfer-encoding : chunked\r\n\r\n0\r\n\r\n${inner}`],
  ['a length on a line of its own', `${headOf({})}content-length:\r\n 0\r\n\r\n${inner}`],
  ['a header that is continued', `${headOf({})}x: a\r\n\tcontent-length: 0\r\n\r\n${inner}`],
  ['lines that end in LF', `${headOf({ 'content-length': '0' }).replaceAll('\r\n', '\n')}\n${inner}`],
  ['lines that end in CR', `${headOf({ 'content-length': '0' }).replaceAll('\r\n', '\r')}\r${inner}`],
  ['a NUL in a header', `${headOf({ 'content-length': '0', x: 'a\0b' })}\r\n${inner}`],
  ['a CR in a header', `${headOf({ 'content-length': '0', x: 'a\rb' })}\r\n${inner}`],
  ['a chunk with too long a size', `${headOf({ 'transfer-encoding': 'chunked' })}\r\n${'f'.repeat(20)}\r\n${inner}`],
  ['a chunk size with a sign', `${headOf({ 'transfer-encoding': 'chunked' })}\r\n+0\r\n\r\n${inner}`],
  ['a chunk that ends in LF', `${headOf({ 'transfer-encoding': 'chunked' })}\r\n0\n\n${inner}`],
  ['no name before a colon', `${headOf({ 'content-length': '0' })}: x\r\n\r\n${inner}`],
  ['a version before 1.0', headOf({}, 'POST /recommendations HTTP/0.9') + inner],
])('takes nothing for a second request behind one with %s', async (_, bytes) => {
  await using target = await startTarget({ requestTimes: soon });
  const socket = target.connect();
  socket.end(Buffer.from(bytes, 'latin1'));
  const answer = await said(socket);
  expect(answer).toMatch(/^HTTP\/1\.1 400 /);
  expect(answer.match(/HTTP\/1\.1 /g)).toHaveLength(1);
  expect(target.asked).toEqual([]);
});

it('answers requests that are sent ahead in their order', async () => {
  await using target = await startTarget();
  const few = target.connect();
  few.write(wholeCall().repeat(19) + inner);
  expect((await said(few)).match(/HTTP\/1\.1 200 /g)).toHaveLength(20);
  expect(target.asked).toHaveLength(20);
});

it('closes a connection with many requests that have no answer yet', async () => {
  let calls = 0;
  const dispatch = () => {
    calls++;
    return new Promise<never>(() => {});
  };
  await using target = await startTarget({ dispatch });
  const socket = target.connect();
  const answer = said(socket);
  socket.write(wholeCall().repeat(5000));
  expect(await answer).toBe('');
  expect(calls).toBeLessThan(100);
  await expect.poll(target.connections).toBe(0);
});

it('closes the connection of a client that takes no answers, and keeps that of one that waits for the server', async () => {
  const { promise, resolve } = Promise.withResolvers<object>();
  const big = { itemList: Array.from({ length: 500 }, () => ({ itemId: 'x'.repeat(250) })) };
  await using target = await startTarget({
    stalledMs: 100,
    dispatch: async (_, input) => ('itemId' in input ? await promise : big) as never,
  });
  const waiting = target.connect();
  const patient = wholeCall().replace('"userId":"u"', '"itemId":"u"');
  waiting.write(patient);
  const stalled = target.connect();
  stalled.on('error', () => {});
  stalled.pause();
  // More than the system takes for a client that reads nothing.
  for (let i = 0; i < 200; i++) stalled.write(wholeCall());
  await expect.poll(target.connections).toBe(1);
  resolve({ itemList: [] });
  const answer = said(waiting);
  waiting.end(inner);
  expect((await answer).match(/HTTP\/1\.1 200 /g)).toHaveLength(2);
});

it('answers others while clients send slowly, too much, or nothing, and forgets all of them', async () => {
  await using target = await startTarget({ requestTimes: { headersMs: 1000, wholeMs: 1000, checkEveryMs: 50 } });
  const attacks = Array.from({ length: 200 }, async (_, i) => {
    const socket = target.connect();
    const answer = said(socket);
    if (i % 4 === 1) await trickle(socket, headOf({}), 20);
    if (i % 4 === 2) socket.write(`${headOf({ 'content-length': '90000' })}\r\n`);
    if (i % 4 === 3) socket.write(headOf({}) + 'a: b\r\n'.repeat(10_000));
    return await answer;
  });
  for (let i = 0; i < 50; i++) {
    const socket = target.connect();
    socket.write(inner);
    expect(await said(socket)).toMatch(/^HTTP\/1\.1 200 /);
  }
  for (const answer of await Promise.all(attacks)) expect(answer).toMatch(/^HTTP\/1\.1 4(08|31) |^$/);
  expect(target.asked).toHaveLength(50);
  await expect.poll(target.connections).toBe(0);
});

it('reads no more of a body than its operation may have', async () => {
  await using target = await startTarget();
  const socket = target.connect();
  const length = String(100_000);
  const head = headOf({ ...listRecipes, 'content-length': length, connection: 'close' }, 'POST / HTTP/1.1');
  socket.write(`${head}\r\n${'{}'.padEnd(100_000)}`);
  expect(await said(socket)).toMatch(/^HTTP\/1\.1 413 /);
  expect(target.asked).toEqual([]);
});

it('closes the connection of a client that sends on and on', async () => {
  await using target = await startTarget();
  const socket = target.connect();
  const answer = said(socket);
  await trickle(socket, Array(2000).fill('x'.repeat(2 ** 16)), 0);
  expect(await answer).toMatch(/^HTTP\/1\.1 4|^$/);
  await expect.poll(target.connections).toBe(0);
});

import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { httpServerFor, json, recorder } from './http-server.fixture.ts';

/** A server that a test attacks, over real connections. */
export async function startTarget(parts: Parameters<typeof httpServerFor>[0] = {}) {
  const { asked, dispatch } = recorder({ itemList: [] });
  const app = httpServerFor({ dispatch, ...parts });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  const port = Number(new URL(url).port);
  return {
    url,
    /** Calls that came as far as to the control plane. */
    asked,
    /** Connections that are open. */
    connections: () => new Promise<number>((done) => app.server.getConnections((_, count) => done(count))),
    connect: () => connect({ host: '127.0.0.1', port }),
    [Symbol.asyncDispose]: async () => await app.close(),
  };
}

export type Target = Awaited<ReturnType<typeof startTarget>>;

/** All that a server says over a connection until it is closed, as text. */
export async function said(socket: Socket): Promise<string> {
  let text = '';
  socket.on('data', (bytes) => {
    text += bytes.toString('latin1');
  });
  // A connection that is reset is closed, too.
  socket.on('error', () => {});
  if (!socket.closed) await new Promise((resolve) => socket.once('close', resolve));
  return text;
}

/** Sends text piece by piece until it is sent or the server has closed the connection. */
export async function trickle(socket: Socket, pieces: Iterable<string>, everyMs: number): Promise<void> {
  for (const piece of pieces) {
    if (!socket.writable) return;
    socket.write(piece, 'latin1');
    await sleep(everyMs);
  }
}

/** The head of a call, without its last line. */
export const headOf = (more: Readonly<Record<string, string>>, line = 'POST /recommendations HTTP/1.1'): string =>
  [
    line,
    ...Object.entries({ host: 'localhost', ...json, ...more }).map(([name, value]) => `${name}: ${value}`),
    '',
  ].join('\r\n');

export const call = '{"campaignArn":"arn:aws:personalize:eu-west-1:000000000000:campaign/c","userId":"u"}';

/** A whole call, as it goes over the wire. */
export const wholeCall = (more: Readonly<Record<string, string>> = {}): string =>
  `${headOf({ 'content-length': String(call.length), ...more })}\r\n${call}`;

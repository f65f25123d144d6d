import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { connect, type TLSSocket } from 'node:tls';
import type { RunningServer } from '../edge/running-server.ts';

type Asked = { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string };

/**
 * Asks a running server as `fetch` does. Of one that speaks TLS the very certificate must be there that its home tells:
 * no authority and no name matters.
 *
 * @throws Error if no server answers, or another one
 */
export async function fetchFromServer(
  { fingerprint }: Pick<RunningServer, 'fingerprint'>,
  url: URL,
  asked: Asked = {},
  signal?: AbortSignal,
): Promise<Response> {
  if (fingerprint === undefined) return await fetch(url, { ...asked, ...(signal && { signal }) });
  const socket = await connectTo(url, fingerprint);
  const { method = 'GET', headers = {}, body = '' } = asked;
  const length = { 'content-length': String(Buffer.byteLength(body)) };
  const sent = request(url, {
    ...{ method, protocol: 'http:', createConnection: () => socket, ...(signal && { signal }) },
    headers: { ...headers, ...(body !== '' && length), connection: 'close' },
  });
  sent.end(body);
  const [answer] = await once(sent, 'response');
  return new Response(Readable.toWeb(answer), { status: answer.statusCode });
}

/** Nothing is sent before it is known who is there. */
async function connectTo({ hostname, port }: URL, fingerprint: string): Promise<TLSSocket> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const socket = connect({ host, port: Number(port || 443), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  if (socket.getPeerCertificate().fingerprint256 === fingerprint) return socket;
  socket.destroy();
  throw new Error('The certificate is another than the one that the home of the server tells.');
}

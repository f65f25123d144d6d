import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Socket } from 'node:net';
import { answerBroken, defaultRequestTimes, type RequestTimes } from './broken-requests.ts';
import type { Certificate } from './certificate.ts';
import { type Connections, nameOf } from './connections.ts';
import { largestHead } from './head-limits.ts';
import { UnansweredRequests } from './unanswered.ts';

export type ListeningParts = {
  readonly requestTimes?: RequestTimes;
  /** Connections are encrypted with it. */
  readonly certificate?: Certificate | undefined;
  /** When a client that takes nothing of an answer has gone. */
  readonly stalledMs?: number;
};

/** Longer than the minute that load balancers keep a connection, so that it is they who close it. */
const keepAliveMs = 72_000;

/**
 * Makes the servers of Node that Fastify listens with: one for each address that the name of the host has.
 *
 * @param connections counts those of all of them
 * @returns a function of what answers a request
 */
export const serverFactory =
  ({ requestTimes = defaultRequestTimes, certificate, stalledMs }: ListeningParts, connections: Connections) =>
  (answer: RequestListener): Server => {
    const unanswered = new UnansweredRequests();
    const handle = unanswered.limit(answer);
    const { headersMs, checkEveryMs } = requestTimes;
    const options = {
      headersTimeout: headersMs,
      // It would limit uploads too; `limitBodyTime` has the limit of all others.
      requestTimeout: 0,
      keepAliveTimeout: keepAliveMs,
      connectionsCheckingInterval: checkEveryMs,
      maxHeaderSize: largestHead,
      // A request without a Host is refused like one with an unknown Host.
      requireHostHeader: false,
    };
    const server = certificate
      ? secureServer({ ...options, handshakeTimeout: headersMs }, certificate, handle)
      : createServer(options, handle);
    // Node's own answer to an Expect header other than 100-continue is not in AWS's shape, so such a header is ignored.
    server.on('checkExpectation', (request, response) => server.emit('request', request, response));
    // Node drops headers beyond a number without a word; `requireSmallHead` refuses them.
    server.maxHeadersCount = 0;
    connections.count(server);
    unanswered.closeStalled(server, stalledMs);
    return server;
  };

function secureServer(options: object, certificate: Certificate, handle: RequestListener): Server {
  const server = createSecureServer({ ...options, ...certificate.settings }, handle);
  certificate.onReplaced(({ settings }) => server.setSecureContext(settings));
  answerUnencrypted(server);
  return server;
}

/** Tells a client that speaks plain HTTP what is wrong, in plain HTTP. */
function answerUnencrypted(server: Server): void {
  const beforeTls = new Map<string, Socket>();
  server.on('connection', (socket: Socket) => {
    const name = nameOf(socket);
    beforeTls.set(name, socket);
    socket.once('close', () => beforeTls.delete(name));
  });
  server.on('tlsClientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const plain = beforeTls.get(nameOf(socket));
    if (error.code === 'ERR_SSL_HTTP_REQUEST' && plain) answerBroken(error, plain);
  });
}

import { randomUUID } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ServiceError } from '../contract/errors.ts';
import { addressOf, isQuery, operationsByPath } from './addressing.ts';
import { answerBroken, limitBodyTime } from './broken-requests.ts';
import { type CallParts, callHandler } from './calls.ts';
import { type ConnectionLimits, Connections, defaultConnectionLimits } from './connections.ts';
import { allowCrossOrigin, refuseForeignPage } from './cross-origin.ts';
import { requireSmallHead } from './head-limits.ts';
import { hostCheck, hostName } from './host.ts';
import { type ListeningParts, serverFactory } from './listening.ts';
import type { Metrics } from './metrics.ts';
import { answerPages } from './pages.ts';
import { failureResponse, type HttpResponse, send } from './response.ts';
import { isS3, splitHost } from './s3/s3-address.ts';
import { type S3Parts, s3Handler } from './s3/s3-handler.ts';

export type HttpServerParts = CallParts &
  ListeningParts & {
    readonly s3: S3Parts;
    readonly metrics: Metrics;
    /** Names beside those of this machine under which the server is asked. */
    readonly allowedHosts: readonly string[] | 'any';
    /** Who sees the measurements, by an Authorization header; everybody unless given. */
    readonly connectionLimits?: ConnectionLimits;
    readonly mayMeasure?: (authorization: string | undefined) => boolean;
    readonly version: string;
  };

/** The HTTP side of all operations on one port, beside a page for people, `/healthz` and `/metrics`. */
export function createHttpServer(parts: HttpServerParts): FastifyInstance {
  const { metrics } = parts;
  const handle = callHandler(parts, metrics);
  const connections = new Connections(parts.connectionLimits ?? defaultConnectionLimits);
  const answered = beforeCalls(parts, metrics, connections);
  const app = fastify({
    ...fastifyOptions,
    serverFactory: serverFactory(parts, connections),
    // A request that Fastify gives up on, such as one for a malformed path, goes through the same checks.
    frameworkErrors: (_error, request, reply) => {
      if (!answered(request, reply)) void handle(request, reply);
    },
  });
  endOpenConnections(app);
  app.addHook('onRequest', (request, reply, done) => {
    if (answered(request, reply)) return;
    // Objects of S3 may be large, so that the whole of one has no limit of time.
    limitBodyTime(request.raw, parts.requestTimes);
    done();
  });
  allowCrossOrigin(app);
  // Bodies are left to `handle`, which has checks to make before and after.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  app.post('/', handle);
  for (const [url, { method = 'POST' }] of operationsByPath) app.route({ method, url, handler: handle });
  app.setNotFoundHandler(handle);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // Fastify refuses by itself only what `handle` refuses too, such as a content type that is none.
    if ((error.statusCode ?? 500) < 500) return handle(request, reply);
    const failed = { operation: undefined, protocol: 'rest-json', requestId: randomUUID(), url: request.url } as const;
    return send(failureResponse(parts.log, error, failed), request, reply);
  });
  answerPages(app, parts, metrics, (request, reply) => (isQuery(request) ? handle(request, reply) : undefined));
  return app;
}

/**
 * Answers requests that go no further, and those of S3.
 *
 * @returns a function that says whether it answers a request
 */
function beforeCalls(parts: HttpServerParts, metrics: Metrics, connections: Connections) {
  const refusal = refusals(parts, connections);
  const answerS3 = s3Handler(parts.s3, parts.log, metrics);
  const s3Of = s3Requests(parts);
  return (request: FastifyRequest, reply: FastifyReply): boolean => {
    const s3 = s3Of(request);
    const response = refusal(request, s3?.base ?? request.headers.host);
    // It ends after its answer, so that another one has its place.
    if (connections.isExcess(request.raw.socket)) reply.header('connection', 'close');
    if (response) send(response, request, reply);
    else if (s3) void answerS3(request, reply, s3.bucket);
    return response !== undefined || s3 !== undefined;
  };
}

/** The check before all others: its response to a request that goes no further, undefined for any other. */
function refusals({ allowedHosts, log }: HttpServerParts, connections: Connections) {
  const requireKnownHost = hostCheck(allowedHosts);
  return (request: FastifyRequest, host: string | undefined): HttpResponse | undefined => {
    try {
      if (connections.isExcess(request.raw.socket)) throw tooManyConnections();
      requireSmallHead(request.raw);
      if (request.url === '/healthz') return undefined;
      requireKnownHost(host);
      refuseForeignPage(request);
      return undefined;
    } catch (error) {
      return failureResponse(log, error, { ...addressOf(request), requestId: randomUUID() });
    }
  };
}

const tooManyConnections = () =>
  new ServiceError('ServiceUnavailable', 'The server has too many connections, or your address has: close some.');

/** For a request of S3, the bucket that its host names, and the host without it; undefined for any other. */
function s3Requests({ s3 }: HttpServerParts) {
  return (request: FastifyRequest) => {
    const name = hostName(request.headers.host);
    return isS3(request, name) && name !== undefined ? splitHost(name, s3.hostNames) : undefined;
  };
}

const fastifyOptions = {
  logger: false,
  forceCloseConnections: 'idle' as const,
  // While closing, requests under way on open connections are still answered; a 503 would be no better.
  return503OnClosing: false,
  clientErrorHandler: answerBroken,
};

/** Connections that are open when the server closes end after their next answer. */
function endOpenConnections(app: FastifyInstance): void {
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
}

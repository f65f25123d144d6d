import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import fastify, { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ServiceError } from '../contract/errors.ts';
import type { Input, OperationName, Output } from '../contract/operations.ts';
import type { Service } from '../contract/service.ts';
import { validate } from '../contract/validate.ts';
import type { Caller } from '../control/handler.ts';
import type { Logger } from '../util/logger.ts';
import {
  type AddressedOperation,
  contentTypes,
  operationsByPath,
  operationsByTarget,
  type Protocol,
} from './addressing.ts';
import { answerAdmin, type Inspections } from './admin.ts';
import { type Answer, answerError, answerOutput, internalFailure } from './answer.ts';
import { decodeJson, largestBody, readBody } from './body.ts';
import { answerBroken, defaultRequestTimes, type RequestTimes } from './broken-requests.ts';
import { readCredentials } from './credentials.ts';
import { allowCrossOrigin, refuseForeignPage } from './cross-origin.ts';
import { frontPage } from './front-page.ts';
import { hostCheck } from './host.ts';
import { createMetrics, type MeasuredParts } from './metrics.ts';
import type { RateLimiter } from './rate-limits.ts';
import { answerSnapshots, type Snapshots } from './snapshots.ts';
import { Turns } from './turns.ts';

export type ListenerParts = Inspections & {
  readonly dispatch: <O extends OperationName>(name: O, input: Input<O>, caller: Caller) => Promise<Output<O>>;
  readonly snapshots: Snapshots;
  readonly limitRate: RateLimiter;
  readonly measured: MeasuredParts;
  /** The account of every caller, for as long as signatures are not verified. */
  readonly account: string;
  /** Names beside those of this machine under which the server is asked. */
  readonly allowedHosts: readonly string[];
  readonly requestTimes?: RequestTimes;
  readonly version: string;
  readonly log: Pick<Logger, 'error'>;
};

/** The HTTP side of all three services on one port, beside a page for people, `/healthz` and `/metrics`. */
export function createListener(parts: ListenerParts): FastifyInstance {
  const metrics = createMetrics(parts.measured);
  const turns = new Turns();
  const { requestTimes = defaultRequestTimes } = parts;
  const requireKnownHost = hostCheck(parts.allowedHosts);

  async function handle(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
    const began = performance.now();
    const { target, protocol } = addressOf(request);
    const answer = await answerCall({ ...parts, turns }, target, protocol, request);
    metrics.request(target?.name ?? 'Unknown', answer.code, (performance.now() - began) / 1000);
    return write(answer, request, reply);
  }

  /** The answer to a request that no part of the server may see; undefined for any other. */
  function refusal(request: FastifyRequest): Answer | undefined {
    if (request.url === '/healthz') return undefined;
    try {
      requireKnownHost(request.headers.host);
      refuseForeignPage(request);
      return undefined;
    } catch (error) {
      return answerFailure(parts.log, error, { protocol: addressOf(request).protocol });
    }
  }

  const app = fastify({
    logger: false,
    forceCloseConnections: 'idle',
    // While closing, what is under way on an open connection is still answered; a 503 would be no better.
    return503OnClosing: false,
    requestTimeout: requestTimes.wholeMs,
    http: {
      headersTimeout: requestTimes.headersMs,
      connectionsCheckingInterval: requestTimes.checkEveryMs,
      // A request without a Host is refused as one with an unknown one.
      requireHostHeader: false,
    },
    clientErrorHandler: answerBroken,
    frameworkErrors: (_error, request, reply) => {
      const answer = refusal(request);
      return answer ? write(answer, request, reply) : handle(request, reply);
    },
  });
  // Node's own answer to an expectation other than 100-continue is not in AWS's shape: such a header is passed over.
  app.server.on('checkExpectation', (request, response) => app.server.emit('request', request, response));
  let closing = false;
  app.addHook('preClose', async () => {
    closing = true;
  });
  app.addHook('onSend', (_request, reply, payload, done) => {
    // Connections that are open when the server closes end with their next answer.
    if (closing) reply.header('connection', 'close');
    done(null, payload);
  });
  app.addHook('onRequest', (request, reply, done) => {
    const answer = refusal(request);
    if (answer) write(answer, request, reply);
    else done();
  });
  allowCrossOrigin(app);
  answerAdmin(app, parts);
  answerSnapshots(app, parts.snapshots);
  // Bodies are left to `handle`, which has checks to make before and after.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _payload, done) => done(null));
  for (const path of ['/', ...operationsByPath.keys()]) app.post(path, handle);
  app.setNotFoundHandler(handle);
  app.setErrorHandler<FastifyError>((error, request, reply) => {
    // Fastify refuses by itself only what `handle` refuses too, such as a content type that is none.
    if ((error.statusCode ?? 500) < 500) return handle(request, reply);
    return write(answerFailure(parts.log, error, { url: request.url, protocol: 'rest-json' }), request, reply);
  });
  app.get('/', (request, reply) =>
    reply.type('text/html; charset=utf-8').send(frontPage(parts.version, request.headers.host ?? '127.0.0.1')),
  );
  app.get('/healthz', (_request, reply) => reply.type('text/plain').send('ok\n'));
  app.get('/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()));
  return app;
}

function write({ status, headers, body }: Answer, { raw }: FastifyRequest, reply: FastifyReply): FastifyReply {
  // What has not been read to its end must not be taken for the next request.
  if (!raw.complete) reply.header('connection', 'close');
  // As bytes, since Fastify adds a charset to the content type of text.
  return reply
    .code(status)
    .headers(headers)
    .send(body && Buffer.from(body));
}

function addressOf({ method, url, headers }: FastifyRequest): { target?: AddressedOperation; protocol: Protocol } {
  const [path = ''] = url.split('?', 1);
  if (method === 'POST' && path === '/') {
    return { target: operationsByTarget.get(String(headers['x-amz-target'])), protocol: 'json-1.1' };
  }
  return { target: method === 'POST' ? operationsByPath.get(path) : undefined, protocol: 'rest-json' };
}

/** The answer to one call of an operation; every failure becomes an answer here. */
async function answerCall(
  parts: ListenerParts & { readonly turns: Turns },
  target: AddressedOperation | undefined,
  protocol: Protocol,
  request: FastifyRequest,
): Promise<Answer> {
  const requestId = randomUUID();
  try {
    // Always to its end, whatever the checks say: an answer to a client that still sends may never be seen.
    const body = await readBody(request.raw);
    if (!target) throw new ServiceError('UnknownOperationException', 'The request addresses no operation.');
    requireContentType(request, contentTypes[protocol]);
    if (!body) throw new ServiceError('RequestEntityTooLarge', `The body exceeds the limit of ${largestBody} bytes.`);
    const takesTurns = target.operation.service === 'personalize-events';
    if (takesTurns) await parts.turns.take();
    const caller = { account: parts.account, requestId, ...readCredentials(request.headers, queryOf(request.url)) };
    const input = validate(target.name, decodeJson(body));
    parts.limitRate(target.name, input, caller);
    const output = await parts.dispatch(target.name, input, caller);
    if (takesTurns) await parts.turns.take();
    return answerOutput(protocol, requestId, hasMembers(target) ? output : undefined);
  } catch (error) {
    const { name, operation } = target ?? {};
    return answerFailure(parts.log, error, { requestId, protocol, service: operation?.service, operation: name });
  }
}

type Failed = {
  readonly protocol: Protocol;
  readonly requestId?: string;
  readonly service?: Service | undefined;
  readonly operation?: OperationName | undefined;
  readonly url?: string;
};

/**
 * A caller's mistake as the service says it. Anything else is a defect, of which the log has all and the caller the
 * request id.
 */
function answerFailure(log: ListenerParts['log'], error: unknown, failed: Failed): Answer {
  const { protocol, requestId = randomUUID(), service = 'personalize', operation, url } = failed;
  if (error instanceof ServiceError) return answerError(protocol, service, requestId, error);
  log.error({ requestId, operation, url, err: error }, 'A request failed by a defect');
  return answerError(protocol, service, requestId, internalFailure(requestId));
}

/** A request without a body needs no content type. */
function requireContentType({ headers }: FastifyRequest, expected: string): void {
  const given = headers['content-type'];
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const type = given?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== expected && (type !== undefined || hasBody)) {
    throw new ServiceError('UnsupportedMediaType', `The content type must be ${expected}.`);
  }
}

function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

const hasMembers = ({ operation }: AddressedOperation) => Object.keys(operation.output.properties).length > 0;

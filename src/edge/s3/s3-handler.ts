import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { performance } from 'node:perf_hooks';
import { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { SignedRequest } from '../../access/signatures/signed-request.ts';
import type { FolderBuckets } from '../../data/objects/folder-buckets/folder-buckets.ts';
import type { Logger } from '../../util/logger.ts';
import { queryOf } from '../addressing.ts';
import type { Metrics } from '../metrics.ts';
import { heldOpen } from './held-open.ts';
import { type Pace, slowestPace, within } from './pace.ts';
import { operationOf, type S3Operation } from './routes.ts';
import { type S3Address, s3AddressOf } from './s3-address.ts';
import type { EndedS3Call } from './s3-audit.ts';
import { listKeys, type S3Authoriser } from './s3-authorisation.ts';
import type { S3Caller, S3Permission, S3Response } from './s3-call.ts';
import { errorXml, S3Error, s3ErrorOf } from './s3-error.ts';

type Awaitable<Value> = Value | Promise<Value>;

export type S3Parts = {
  /** Undefined where the buckets are on a server of S3, to be asked itself. */
  readonly buckets: FolderBuckets | undefined;
  /** Whose the buckets are that a person has made as folders. */
  readonly folderAccount: string;
  /** Names of the server that may have a bucket before them, beside `localhost`. */
  readonly hostNames: readonly string[];
  /** @param request without its body */
  readonly authenticate: (request: SignedRequest, address: S3Address) => Awaitable<S3Caller>;
  readonly authorise?: S3Authoriser;
  /** Writes down every call before it is answered: if that fails, so does the call. */
  readonly audit?: (call: EndedS3Call) => Awaitable<void>;
  /** After how long the answer to work that copies a lot begins. */
  readonly patienceMs?: number;
  /** How slowly a body may come. */
  readonly pace?: Pace;
};

/** What is known of a call by now. */
type KnownOfCall = {
  readonly id: string;
  readonly request: FastifyRequest;
  address?: S3Address;
  caller?: S3Caller;
  operation?: S3Operation;
};

/** A body that nobody has read is read up to this size, since a client may read no answer before it has sent all. */
const largestDrain = 64 * 2 ** 20;

const usualPatienceMs = 5000;

/**
 * Answers the requests of S3: authenticate, find the operation, authorise, run it.
 *
 * @returns a function of a request and of the bucket that its host names
 */
export function s3Handler(parts: S3Parts, log: Pick<Logger, 'error'>, metrics: Metrics) {
  const { pace = slowestPace } = parts;
  return async (
    request: FastifyRequest,
    reply: FastifyReply,
    virtualBucket: string | undefined,
  ): Promise<FastifyReply> => {
    const began = performance.now();
    const id = randomUUID();
    const known: KnownOfCall = { id, request };
    let code = 'Success';
    let response: S3Response;
    try {
      response = await responseTo(known, virtualBucket);
    } catch (error) {
      const failure = failureOf(error, { id, operation: known.operation?.name, url: request.url });
      code = failure.code;
      await within(drain(request.raw), pace.ms);
      request.raw.pause();
      const body = request.method === 'HEAD' ? undefined : errorXml(failure, pathOf(request.url), id);
      const headers = { 'content-type': 'application/xml', ...(failure.status === 503 && { 'retry-after': '1' }) };
      response = { status: failure.status, headers: { ...headers, ...failure.headers }, body };
    }
    metrics.request(
      known.operation ? `s3:${known.operation.name}` : 's3:Unknown',
      code,
      (performance.now() - began) / 1000,
    );
    return send(response, id, request, reply);
  };

  async function responseTo(known: KnownOfCall, virtualBucket: string | undefined): Promise<S3Response> {
    const { id, request } = known;
    const fail = (error: unknown) => failed(known, error);
    const { operation, call } = await accepted(known, virtualBucket).catch(fail);
    const work = operation.run(call).then((response) => succeeded(known, response), fail);
    const errorText = (error: unknown) =>
      errorXml(failureOf(error, { id, operation: operation.name, url: request.url }), pathOf(request.url), id);
    return await (operation.isLong
      ? heldOpen(work, { patienceMs: parts.patienceMs ?? usualPatienceMs, errorText })
      : work);
  }

  /** The call of a request, if its caller may make it. */
  async function accepted(known: KnownOfCall, virtualBucket: string | undefined) {
    const { method, url, headers, raw } = known.request;
    const address = s3AddressOf(url, virtualBucket);
    known.address = address;
    const signed = { method, url, headers, rawHeaders: raw.rawHeaders, body: Buffer.alloc(0) };
    const caller = await parts.authenticate(signed, address);
    known.caller = caller;
    const { buckets, folderAccount } = parts;
    if (!buckets) {
      throw new S3Error(
        'InvalidRequest',
        "This server's buckets are on another server of S3 (--s3-endpoint): ask that one.",
      );
    }
    const query = new URLSearchParams(queryOf(url));
    const operation = operationOf({ method, address, query, headers });
    known.operation = operation;
    const keys = listKeys(query);
    const requireAllowed = async (permission: S3Permission) => {
      await parts.authorise?.({ ...permission, keys }, caller, raw);
    };
    // Those of DeleteObjects are in its body.
    if (operation.name !== 'DeleteObjects') await requireAllowed({ ...address, action: operation.action });
    const { id } = known;
    const asked = { id, method, address, query, headers, caller };
    const call = { ...asked, body: raw, pace, buckets, folderAccount, requireAllowed };
    return { operation, call };
  }

  /** Records a call that has failed. */
  async function failed(known: KnownOfCall, error: unknown): Promise<never> {
    await parts.audit?.({ ...known, error });
    throw error;
  }

  /** Records a call that has succeeded. */
  async function succeeded(known: KnownOfCall, response: S3Response): Promise<S3Response> {
    try {
      await parts.audit?.({ ...known, error: undefined, response });
      return response;
    } catch (error) {
      if (response.body instanceof Readable) response.body.destroy();
      throw error;
    }
  }

  /** What a caller is told. Anything but a caller's mistake is a defect: the log has all of it. */
  function failureOf(
    error: unknown,
    { id, operation, url }: { id: string; operation: string | undefined; url: string },
  ): S3Error {
    const known = s3ErrorOf(error);
    if (known && known.status !== 500) return known;
    log.error({ requestId: id, operation, url, err: error }, 'A request of S3 failed by a defect');
    return (
      known ??
      new S3Error('InternalError', `We encountered an internal error; the server's log tells more under ${id}.`)
    );
  }
}

const pathOf = (url: string) => url.split('?', 1)[0] ?? '';

/** Reads what a client still sends, to its end or up to a limit. */
async function drain(message: IncomingMessage): Promise<void> {
  if (message.complete || message.destroyed) return;
  const { promise, resolve } = Promise.withResolvers<void>();
  let bytes = 0;
  message.on('data', (piece: Buffer) => {
    bytes += piece.length;
    if (bytes > largestDrain) resolve();
  });
  message
    .once('end', resolve)
    .once('close', resolve)
    .once('error', () => resolve());
  message.resume();
  await promise;
}

function send(
  { status = 200, headers = {}, body }: S3Response,
  id: string,
  request: FastifyRequest,
  reply: FastifyReply,
) {
  // The rest of a body must not be taken for the next request.
  if (!request.raw.complete) reply.header('connection', 'close');
  const isText = typeof body === 'string';
  return reply
    .code(status)
    .headers({
      ...(isText && { 'content-type': 'application/xml' }),
      ...headers,
      'x-amz-request-id': id,
      'x-amz-id-2': id,
    })
    .send(isText ? Buffer.from(body) : body);
}

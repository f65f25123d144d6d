import assert from 'node:assert/strict';
import type { Readable } from 'node:stream';
import type { FastifyReply, FastifyRequest } from 'fastify';
import {
  type CommonError,
  commonErrors,
  type ModelledError,
  modelledErrors,
  ServiceError,
} from '../contract/errors.ts';
import type { Service } from '../contract/service.ts';
import type { Logger } from '../util/logger.ts';
import { type Address, contentTypes, type KnownOperation, type Protocol } from './addressing.ts';
import { byteOutput } from './byte-output.ts';
import { answerXml, errorXml } from './query/query-answer.ts';

/** An HTTP response as AWS clients parse it. `code` says for the metrics how the request ended. */
export type HttpResponse = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** If undefined, only the head is written. */
  readonly body: string | Readable | undefined;
  readonly code: string;
};

/** @param output what the operation returned */
export function outputResponse(
  operation: KnownOperation,
  protocol: Protocol,
  requestId: string,
  output: object,
): HttpResponse {
  const { headers, body } = contentOf(operation, protocol, requestId, output);
  return { status: 200, headers: { ...headers, 'x-amzn-requestid': requestId }, body, code: 'Success' };
}

type Content = Pick<HttpResponse, 'headers' | 'body'>;

function contentOf(operation: KnownOperation, protocol: Protocol, requestId: string, output: object): Content {
  if (protocol === 'query') return { headers: xmlHeaders, body: answerXml(operation, output, requestId) };
  return operation.payload === undefined ? json(operation, protocol, output) : bytes(operation, output);
}

const xmlHeaders = { 'content-type': 'text/xml' };

/** For tools of people at the server, some of which take text without a charset as ISO 8859-1. */
const adminContentType = 'application/json; charset=utf-8';

/** AWS sends an empty body where the shape of the output has no members. */
const json = ({ service, output: { properties } }: KnownOperation, protocol: Protocol, output: object): Content => ({
  headers: { 'content-type': service === 'admin' ? adminContentType : contentTypes[protocol] },
  // JSON.stringify leaves members out that are undefined.
  body: Object.keys(properties).length > 0 ? JSON.stringify(output) : undefined,
});

function bytes(operation: KnownOperation, output: object): Content {
  const stream = byteOutput(operation, output);
  assert(stream);
  const { properties } = operation.output;
  const { contentMediaType = '' }: { readonly contentMediaType?: string } = properties[operation.payload ?? ''] ?? {};
  return { headers: { 'content-type': contentMediaType, 'content-length': String(stream.size) }, body: stream.content };
}

export function errorResponse(
  protocol: Protocol,
  service: Service,
  requestId: string,
  { code, message }: ServiceError,
): HttpResponse & { readonly body: string } {
  const plainStatus = statusOf(code, service, protocol);
  const common = { 'x-amzn-requestid': requestId, ...(plainStatus === 503 && { 'retry-after': '1' }) };
  if (protocol === 'query') {
    const headers = { ...xmlHeaders, ...common };
    return { ...errorXml({ code, message }, { service, requestId, plainStatus }), headers, code };
  }
  return {
    status: plainStatus,
    headers: { 'content-type': contentTypes[protocol], 'x-amzn-errortype': code, ...common },
    body: JSON.stringify({ __type: code, message }),
    code,
  };
}

/** The request that failed: `url` where it addresses no operation. */
type FailedRequest = Address & { readonly requestId: string; readonly url?: string };

/**
 * A caller's mistake as the service says it. Anything else is a defect: the log has all of it, and the caller gets the
 * request id under which it stands there.
 */
export function failureResponse(
  log: Pick<Logger, 'error'>,
  error: unknown,
  { operation, protocol, requestId, url }: FailedRequest,
): HttpResponse {
  const service = operation?.service ?? (protocol === 'query' ? 'iam' : 'personalize');
  if (error instanceof ServiceError) return errorResponse(protocol, service, requestId, error);
  log.error({ requestId, operation: operation?.name, url, err: error }, 'A request failed by a defect');
  const message = `The request failed inside the server; its log tells more under ${requestId}.`;
  return errorResponse(protocol, service, requestId, new ServiceError('InternalFailure', message));
}

export function send(
  { status, headers, body }: HttpResponse,
  { raw }: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  // The rest of a body must not be taken for the next request.
  if (!raw.complete) reply.header('connection', 'close');
  // With a serializer Fastify adds no charset to the content type.
  return reply.code(status).headers(headers).serializer(asItIs).send(body);
}

const asItIs = (text: string) => text;

/** Common errors whose status differs on the REST front ends of AWS (spec: security.md §2). */
const restStatus: Partial<Record<CommonError, number>> = {
  UnknownOperationException: 404,
  AccessDeniedException: 403,
  InvalidSignatureException: 403,
  ExpiredTokenException: 403,
};

function statusOf(code: ModelledError | CommonError, service: Service, protocol: Protocol): number {
  if (isModelled(code)) {
    const byService: Partial<Record<Service, number>> = modelledErrors[code];
    return byService[service] ?? 400;
  }
  return (protocol === 'rest-json' && restStatus[code]) || commonErrors[code];
}

const isModelled = (code: ModelledError | CommonError): code is ModelledError => Object.hasOwn(modelledErrors, code);

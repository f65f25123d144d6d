import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { ServiceError } from '../contract/errors.ts';
import type { Logger } from '../util/logger.ts';
import {
  type Address,
  addressOf,
  contentTypes,
  type KnownOperation,
  mediaType,
  operationOfForm,
} from './addressing.ts';
import { HeldBytes, readBody } from './body.ts';
import { bodyLimit } from './body-limits.ts';
import type { Metrics } from './metrics.ts';
import { type OriginOf, originOfConnection } from './origin.ts';
import { runCall, type Steps } from './pipeline.ts';
import { failureResponse, type HttpResponse, outputResponse, send } from './response.ts';
import { Turns } from './turns.ts';

export type CallParts = {
  readonly steps: Steps;
  readonly log: Pick<Logger, 'error'>;
  /** Where requests come from; without, it is where their connections come from. */
  readonly originOf?: OriginOf;
};

/** Answers requests for operations, and those that address none. */
export function callHandler({ steps, log, originOf = originOfConnection }: CallParts, metrics: Metrics) {
  const turns = new Turns();
  const held = new HeldBytes();
  return async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> => {
    const began = performance.now();
    const known = { address: addressOf(request) };
    const id = randomUUID();
    let response: HttpResponse;
    try {
      response = await responseTo(request, known, id);
    } catch (error) {
      response = failureResponse(log, error, { ...known.address, requestId: id });
    }
    metrics.request(known.address.operation?.name ?? 'Unknown', response.code, (performance.now() - began) / 1000);
    return send(response, request, reply);
  };

  async function responseTo(request: FastifyRequest, known: { address: Address }, id: string) {
    // Always to its end, whatever the checks say: an answer to a client that still sends may never be seen.
    const limit = bodyLimit(known.address);
    const body = await readBody(request.raw, limit, held);
    const { method, url, headers } = request;
    const { rawHeaders } = request.raw;
    const origin = originOf(request.raw);
    const whole = { id, method, url, headers, rawHeaders, body: body ?? Buffer.alloc(0), ...origin };
    let operation: KnownOperation;
    try {
      operation = addressed(request, known, { body, limit });
    } catch (error) {
      const refused = known.address.operation;
      await steps.audit?.(refused)?.({ request: whole, operation: refused, error });
      throw error;
    }
    const takesTurns = operation.service === 'personalize-events';
    if (takesTurns) await turns.take();
    const output = await runCall(steps, whole, operation);
    if (takesTurns) await turns.take();
    return outputResponse(operation, known.address.protocol, id, output);
  }
}

/** The operation of a request that has come whole. @param body undefined if it is too large @throws ServiceError */
function addressed(
  request: FastifyRequest,
  known: { address: Address },
  { body, limit }: { readonly body: Buffer | undefined; readonly limit: number },
): KnownOperation {
  if (body && known.address.protocol === 'query') {
    known.address = { operation: operationOfForm(request.url, body), protocol: 'query' };
  }
  const { operation, protocol } = known.address;
  if (!operation) throw new ServiceError('UnknownOperationException', 'The request addresses no operation.');
  if (operation.method === undefined) requireContentType(request, contentTypes[protocol]);
  if (!body) throw new ServiceError('RequestEntityTooLarge', `The body exceeds the limit of ${limit} bytes.`);
  return operation;
}

/** A request without a body needs no content type. */
function requireContentType({ headers }: FastifyRequest, expected: string): void {
  const given = headers['content-type'];
  if (given === expected) return;
  const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
  const type = mediaType(given);
  if (type !== expected && (type !== undefined || hasBody)) {
    throw new ServiceError('UnsupportedMediaType', `The content type must be ${expected}.`);
  }
}

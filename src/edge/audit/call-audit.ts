import { eventKind } from '../../access/audit/audit-record.ts';
import { eventOf, failureOf, kindOf } from '../../access/audit/call-record.ts';
import type { AuditedCaller } from '../../access/audit/user-identity.ts';
import { readClaim } from '../../access/signatures/claim.ts';
import { signingRules } from '../../access/signatures/signed-request.ts';
import type { KnownOperation } from '../addressing.ts';
import type { EndedCall, Steps, WholeRequest } from '../pipeline.ts';
import { federatedCaller } from './federated-caller.ts';
import type { Recorder } from './recorder.ts';

/** Requests that address no operation. */
export const unknownKind = eventKind({
  source: 'openpersonalize',
  name: 'UnknownOperation',
  isReadOnly: true,
  isManagement: true,
});

/** @returns a step that throws as the recorder */
export function auditCalls(recorder: Recorder): NonNullable<Steps['audit']> {
  return (operation) => {
    if (operation === undefined) return (call) => recorder.record(unaddressed(call));
    if (!recorder.wants(kindOf(operation))) return undefined;
    return (call) => {
      const { request, input, output, error, caller: known = claimed(request, operation) } = call;
      const caller = operation.shows === 'issued token' ? federatedCaller(known, call) : known;
      return recorder.record(eventOf({ ...factsOf(request), operation, caller, input, output, error }));
    };
  };
}

const factsOf = (request: WholeRequest) => ({
  requestId: request.id,
  sourceAddress: request.remoteAddress,
  userAgent: request.headers['user-agent'],
});

/** Of a request that addresses no operation, what it asked for. */
function unaddressed({ request, error }: EndedCall) {
  const { method, url, headers } = request;
  const target = headers['x-amz-target'];
  return {
    ...factsOf(request),
    kind: unknownKind,
    caller: {},
    failure: failureOf(error),
    requestParameters: {
      method,
      ...pathOf(url),
      ...(target !== undefined && { target: String(target).slice(0, 256) }),
    },
    responseElements: null,
    resources: [],
  };
}

/** Without the query, which may hold a signature. */
export const pathOf = (url: string) => ({ path: (url.split('?', 1)[0] ?? '').slice(0, 1024) });

/** The access key under which a request was made that was refused before its caller was known. */
function claimed(request: WholeRequest, { service }: KnownOperation): AuditedCaller {
  try {
    const { accessKeyId, region } = readClaim(request, signingRules[service].service);
    return { accessKeyId: accessKeyId.slice(0, 128), region };
  } catch {
    return {};
  }
}

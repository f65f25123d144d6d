import {
  type CommonError,
  commonErrors,
  type ModelledError,
  modelledErrors,
  ServiceError,
} from '../contract/errors.ts';
import type { Service } from '../contract/service.ts';
import { contentTypes, type Protocol } from './addressing.ts';

/** An HTTP answer as AWS clients parse it. `code` is what became of the request, for the measurements. */
export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined where it is empty: then nothing but the head is written. */
  readonly body: string | undefined;
  readonly code: string;
};

export const success = 'Success';

/** @param output the operation's output; undefined when its shape has no members: then AWS sends an empty body. */
export function answerOutput(protocol: Protocol, requestId: string, output: object | undefined): Answer {
  return {
    status: 200,
    headers: { 'content-type': contentTypes[protocol], 'x-amzn-requestid': requestId },
    // JSON.stringify leaves members out that are undefined.
    body: output && JSON.stringify(output),
    code: success,
  };
}

export function answerError(
  protocol: Protocol,
  service: Service,
  requestId: string,
  { code, message }: ServiceError,
): Answer {
  return {
    status: statusOf(code, service, protocol),
    headers: { 'content-type': contentTypes[protocol], 'x-amzn-requestid': requestId, 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
    code,
  };
}

/** What a caller learns of a defect of ours: the id under which the log tells the rest. */
export const internalFailure = (requestId: string) =>
  new ServiceError('InternalFailure', `The request failed inside the server; its log tells more under ${requestId}.`);

/** Common errors whose status differs on the REST front ends of AWS (spec: security.md §2). */
const restStatus: Partial<Record<CommonError, number>> = {
  UnknownOperationException: 404,
  InvalidSignatureException: 403,
};

function statusOf(code: ModelledError | CommonError, service: Service, protocol: Protocol): number {
  if (isModelled(code)) {
    const byService: Partial<Record<Service, number>> = modelledErrors[code];
    return byService[service] ?? 400;
  }
  return (protocol === 'rest-json' && restStatus[code]) || commonErrors[code];
}

const isModelled = (code: ModelledError | CommonError): code is ModelledError => Object.hasOwn(modelledErrors, code);

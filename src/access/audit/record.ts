import { randomUUID } from 'node:crypto';
import { ServiceError } from '../../contract/errors.ts';
import { calledName, type Operation } from '../../contract/operation.ts';
import { services } from '../../contract/service.ts';
import { hidden, masked, mayBeSensitive } from './masking.ts';
import { type AuditedCaller, type UserIdentity, userIdentity } from './user-identity.ts';

/** A call that has ended, as far as it is recorded. */
export type AuditedCall = {
  /** Milliseconds since the epoch. */
  readonly time: number;
  readonly operation: Operation;
  readonly requestId: string;
  readonly sourceAddress: string | undefined;
  readonly userAgent: string | undefined;
  readonly caller: AuditedCaller;
  /** Undefined for a call that was refused before its input was known. */
  readonly input: object | undefined;
  /** Undefined for a call that failed. */
  readonly output: object | undefined;
  readonly error: unknown;
};

/** A record in CloudTrail's format: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/ */
export type AuditRecord = {
  readonly eventVersion: '1.09';
  readonly userIdentity: UserIdentity;
  readonly eventTime: string;
  readonly eventSource: string;
  readonly eventName: string;
  readonly awsRegion: string | null;
  readonly sourceIPAddress: string | null;
  readonly userAgent: string | null;
  readonly errorCode?: string;
  readonly errorMessage?: string;
  readonly requestParameters: unknown;
  readonly responseElements: unknown;
  readonly requestID: string;
  readonly eventID: string;
  readonly readOnly: boolean;
  readonly resources?: readonly { readonly ARN: string }[];
  readonly eventType: 'AwsApiCall';
  readonly managementEvent: boolean;
  readonly recipientAccountId: string | null;
  readonly eventCategory: 'Management' | 'Data';
};

/** Whether a call of the operation changes nothing. */
export const isReadOnly = ({ name, readOnly }: Pick<Operation, 'name' | 'readOnly'>): boolean =>
  readOnly ?? /^(Describe|List|Get|Explain)/.test(name);

/** Whether it manages resources; a call of the events and runtime services is about data, and there are many. */
export const isManagement = ({ service }: Pick<Operation, 'service'>): boolean => !services[service].isData;

/** Longest of a record; beyond, it has neither input nor output. */
const mostCharacters = 2 ** 18;
const longestUserAgent = 1024;

/** The record of a call as JSON. */
export function recordOf(call: AuditedCall): string {
  const text = JSON.stringify(auditRecord(call));
  if (text.length <= mostCharacters) return text;
  const omitted = { omitted: true, originalSize: text.length, reason: 'The record is too long.' };
  return JSON.stringify({ ...auditRecord(call), requestParameters: omitted, responseElements: null, resources: [] });
}

function auditRecord({ time, operation, caller, requestId, input, output, error, ...rest }: AuditedCall): AuditRecord {
  const readOnly = isReadOnly(operation);
  const managementEvent = isManagement(operation);
  const resources = resourcesOf(operation, input, output);
  return {
    eventVersion: '1.09',
    userIdentity: userIdentity(caller),
    eventTime: `${new Date(time).toISOString().slice(0, 19)}Z`,
    eventSource: services[operation.service].eventSource,
    eventName: calledName(operation),
    awsRegion: caller.region ?? null,
    sourceIPAddress: rest.sourceAddress ?? null,
    userAgent: rest.userAgent?.slice(0, longestUserAgent) ?? null,
    ...(error !== undefined && failure(operation, input, error)),
    requestParameters: isEmpty(input) ? null : masked(operation.input, input),
    // Of reads, CloudTrail has no answers either.
    responseElements: readOnly || isEmpty(output) ? null : masked(operation.output, output),
    requestID: requestId,
    eventID: randomUUID(),
    readOnly,
    ...(resources.length > 0 && { resources }),
    eventType: 'AwsApiCall',
    managementEvent,
    recipientAccountId: caller.account ?? null,
    eventCategory: managementEvent ? 'Management' : 'Data',
  };
}

const isEmpty = (value: object | undefined): value is undefined =>
  value === undefined || Object.values(value).every((member) => member === undefined);

/** Messages of these say what was wrong with the input, in its own words. */
const quoting = new Set(['InvalidInputException', 'ValidationException', 'SerializationException']);

function failure(operation: Operation, input: object | undefined, error: unknown) {
  if (!(error instanceof ServiceError)) return { errorCode: 'InternalFailure' };
  const { code: errorCode, message } = error;
  const mayQuote = quoting.has(errorCode) && holdsSensitive(operation, input);
  return { errorCode, errorMessage: mayQuote ? hidden : message };
}

/** Whether an input, or one that could not be read, has something sensitive that a message may quote. */
const holdsSensitive = ({ input: shape }: Operation, input: object | undefined): boolean =>
  input === undefined ? mayBeSensitive(shape) : JSON.stringify(masked(shape, input)).includes(hidden);

/** What the call acts on and what it has created, by ARN. */
function resourcesOf({ resources, creates, output: shape }: Operation, input = {}, output = {}) {
  const created = creates === undefined ? [] : Object.keys(shape.properties).filter((name) => name.endsWith('Arn'));
  const given = [...textsOf(input, resources), ...textsOf(output, created)];
  return [...new Set(given)].filter((text) => text.startsWith('arn:')).map((ARN) => ({ ARN }));
}

const textsOf = (value: object, members: readonly string[]): string[] => {
  const known: Partial<Record<string, unknown>> = { ...value };
  return members.map((name) => known[name]).filter((member) => typeof member === 'string');
};

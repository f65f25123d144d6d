import { ServiceError } from '../../contract/errors.ts';
import { calledName, type Operation } from '../../contract/operation.ts';
import { services } from '../../contract/service.ts';
import { type AuditedEvent, type EventFailure, type EventKind, type EventResource, eventKind } from './audit-record.ts';
import { hidden, masked, mayBeSensitive } from './masking.ts';

/** A call of an operation of the contract that has ended. */
export type AuditedCall = Pick<AuditedEvent, 'requestId' | 'sourceAddress' | 'userAgent' | 'caller'> & {
  readonly operation: Operation;
  /** Undefined for a call that was refused before its input was known. */
  readonly input: object | undefined;
  /** Undefined for a call that failed. */
  readonly output: object | undefined;
  readonly error: unknown;
};

const kinds = new WeakMap<Operation, EventKind>();

/** What records of an operation have in common. Calls of the events and runtime services are about data. */
export function kindOf(operation: Operation): EventKind {
  const known = kinds.get(operation);
  if (known) return known;
  const { eventSource: source, isData = false } = services[operation.service];
  const isReadOnly = operation.readOnly ?? /^(Describe|List|Get|Explain)/.test(operation.name);
  const kind = eventKind({ source, name: calledName(operation), isReadOnly, isManagement: !isData });
  kinds.set(operation, kind);
  return kind;
}

/** A call as it is recorded, without what the contract calls sensitive. */
export function eventOf({ operation, input, output, error, ...rest }: AuditedCall): Omit<AuditedEvent, 'time'> {
  const kind = kindOf(operation);
  return {
    ...rest,
    kind,
    failure: error === undefined ? undefined : maskedFailure(operation, input, error),
    requestParameters: isEmpty(input) ? null : masked(operation.input, input),
    // Of reads, CloudTrail has no answers either.
    responseElements: kind.isReadOnly || isEmpty(output) ? null : masked(operation.output, output),
    resources: resourcesOf(operation, input, output),
  };
}

function isEmpty(value: object | undefined): value is undefined {
  for (const name in value) if (member(value, name) !== undefined) return false;
  return true;
}

/** Messages of these say what was wrong with the input, in its own words. */
const quoting = new Set(['InvalidInputException', 'ValidationException', 'SerializationException']);

function maskedFailure(operation: Operation, input: object | undefined, error: unknown): EventFailure {
  const failure = failureOf(error);
  const mayQuote = quoting.has(failure.errorCode) && holdsSensitive(operation, input);
  return mayQuote ? { ...failure, errorMessage: hidden } : failure;
}

/** An error as a record has it: of a defect, its message is for the log alone. */
export const failureOf = (error: unknown): EventFailure =>
  error instanceof ServiceError
    ? { errorCode: error.code, errorMessage: error.message }
    : { errorCode: 'InternalFailure' };

/** Whether an input, or one that could not be read, has something sensitive that a message may quote. */
const holdsSensitive = ({ input: shape }: Operation, input: object | undefined): boolean =>
  input === undefined ? mayBeSensitive(shape) : JSON.stringify(masked(shape, input)).includes(hidden);

/** What the call acts on and what it has created, by ARN. */
function resourcesOf(operation: Operation, input: object = {}, output: object = {}): readonly EventResource[] {
  const { resources, creates, output: shape } = operation;
  const created = creates === undefined ? [] : Object.keys(shape.properties).filter((name) => name.endsWith('Arn'));
  const found: EventResource[] = [];
  const add = (value: unknown) => {
    const isNew = typeof value === 'string' && value.startsWith('arn:') && found.every(({ ARN }) => ARN !== value);
    if (isNew) found.push({ ARN: value });
  };
  for (const name of resources) add(member(input, name));
  for (const name of created) add(member(output, name));
  return found;
}

const member = (value: object, name: string): unknown => Reflect.get(value, name);

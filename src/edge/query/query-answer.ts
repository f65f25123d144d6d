import type { TSchema } from 'typebox';
import type { CommonError, ModelledError, ServiceError } from '../../contract/errors.ts';
import { calledName, type Operation } from '../../contract/operation.ts';
import { services } from '../../contract/service.ts';
import { type XmlContent, type XmlElements, xmlDocument } from '../xml.ts';
import { wireName } from './wire-name.ts';

/** The answer to a call of the query protocol. */
export function answerXml(operation: Operation, output: object, requestId: string): string {
  const { service, output: shape } = operation;
  const name = calledName(operation);
  const result = contentOf(output, shape);
  const content = { [`${name}Result`]: result, ResponseMetadata: { RequestId: requestId } };
  return xmlDocument(`${name}Response`, content, attributesOf(service));
}

const attributesOf = (service: Operation['service']) => {
  const { query } = services[service];
  return query ? ` xmlns="${query.namespace}"` : '';
};

/** The keywords of the schemas in shape.ts that an answer is written by. */
type Facts = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly additionalProperties?: TSchema;
  readonly timestamp?: boolean;
};

function contentOf(value: unknown, schema: TSchema): XmlContent {
  const { properties, items, additionalProperties, timestamp }: Facts = schema;
  if (value === undefined) return undefined;
  if (Array.isArray(value)) return { member: value.map((each) => contentOf(each, items ?? {})) };
  if (typeof value === 'object' && value !== null) {
    return properties ? membersOf(value, properties) : entriesOf(value, additionalProperties ?? {});
  }
  if (timestamp) return timeOf(Number(value));
  return typeof value === 'number' || typeof value === 'boolean' ? value : String(value);
}

function membersOf(value: object, properties: Readonly<Record<string, TSchema>>): XmlElements {
  const given: Partial<Record<string, unknown>> = { ...value };
  return Object.fromEntries(
    Object.entries(properties).map(([member, schema]) => [wireName(member), contentOf(given[member], schema)]),
  );
}

const entriesOf = (value: object, member: TSchema): XmlElements => ({
  entry: Object.entries(value).map(([key, each]) => ({ key, value: contentOf(each, member) })),
});

/** @param seconds since the epoch */
const timeOf = (seconds: number) => `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;

/** Errors that have other names in the query protocol, with the status that they have there. */
const queryErrors: Readonly<Partial<Record<ModelledError | CommonError, readonly [code: string, status: number]>>> = {
  ValidationException: ['ValidationError', 400],
  ResourceNotFoundException: ['NoSuchEntity', 404],
  ResourceAlreadyExistsException: ['EntityAlreadyExists', 409],
  ResourceInUseException: ['DeleteConflict', 409],
  SerializationException: ['MalformedInput', 400],
  UnknownOperationException: ['InvalidAction', 400],
  AccessDeniedException: ['AccessDenied', 403],
  InvalidSignatureException: ['SignatureDoesNotMatch', 403],
  UnrecognizedClientException: ['InvalidClientTokenId', 403],
  ExpiredTokenException: ['ExpiredToken', 403],
  ThrottlingException: ['Throttling', 400],
  MalformedPolicyDocumentException: ['MalformedPolicyDocument', 400],
  PackedPolicyTooLargeException: ['PackedPolicyTooLarge', 400],
  InvalidIdentityTokenException: ['InvalidIdentityToken', 400],
  ExpiredIdentityTokenException: ['ExpiredTokenException', 400],
  IDPCommunicationErrorException: ['IDPCommunicationError', 400],
};

/** Status and body of an error. @param plainStatus that of an error which has the same name in all protocols */
export function errorXml(
  { code, message }: Pick<ServiceError, 'code' | 'message'>,
  { service, requestId, plainStatus }: { service: Operation['service']; requestId: string; plainStatus: number },
): { readonly status: number; readonly body: string } {
  // The exceptions of the models have here their names without this end.
  const [name, status] = queryErrors[code] ?? [code.replace(/Exception$/, ''), plainStatus];
  const error = { Type: status < 500 ? 'Sender' : 'Receiver', Code: name, Message: message };
  return { status, body: xmlDocument('ErrorResponse', { Error: error, RequestId: requestId }, attributesOf(service)) };
}

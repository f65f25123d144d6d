import { smithySigner } from '../../src/access/signatures/smithy.fixture.ts';
import { calledName, type Operation } from '../../src/contract/operation.ts';
import { type OperationName, operations } from '../../src/contract/operations.ts';
import { services } from '../../src/contract/service.ts';
import { parametersOf } from '../../src/edge/query/query.fixture.ts';
import type { Keys } from './access-keys.ts';

type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Sends a request that the AWS SDK's signer has signed. @param service the name in the signature */
export async function sendSigned(
  url: string,
  keys: Keys,
  service: string,
  { method, path, query = {}, headers = {}, body = '' }: HttpRequest,
): Promise<Response> {
  const { hostname, host } = new URL(url);
  const signer = smithySigner(keys, { region: 'us-east-1', service });
  const unsigned = { method, protocol: 'http:', hostname, path, query, headers: { ...headers, host }, body };
  const { host: _, ...sent } = (await signer.sign(unsigned)).headers;
  const target = new URL(path, url);
  for (const [name, value] of Object.entries(query)) target.searchParams.set(name, value);
  return await fetch(target, { method, headers: sent, ...(body !== '' && { body }) });
}

/** What a server answers to a signed call of any operation: status and text, without the id of the request. */
export async function call(url: string, keys: Keys, name: OperationName, input: unknown): Promise<string> {
  const operation: Operation = operations[name];
  const signedFor = ['iam', 'sts', 'kms'].includes(operation.service) ? operation.service : 'personalize';
  const answer = await sendSigned(url, keys, signedFor, requestFor(operation, input));
  const text = (await answer.text()).replaceAll(/<RequestId>.*?<\/RequestId>/g, '');
  return `${answer.status} ${text}`;
}

/** In the protocol of the operation. */
function requestFor(operation: Operation, input: unknown): HttpRequest {
  const { target, query } = services[operation.service];
  const body = JSON.stringify(input);
  if (target !== undefined) {
    const headers = {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `${target}.${calledName(operation)}`,
    };
    return { method: 'POST', path: '/', headers, body };
  }
  if (query) {
    const form = new URLSearchParams({ Action: calledName(operation), Version: query.version });
    for (const [name, text] of parametersOf(JSON.parse(body))) form.append(name, text);
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { method: 'POST', path: '/', headers, body: form.toString() };
  }
  const { path = '/', method } = operation;
  if (method === undefined) return { method: 'POST', path, headers: { 'content-type': 'application/json' }, body };
  const members = Object.entries<unknown>(JSON.parse(body));
  const texts = members.map(([name, value]) => [
    name,
    typeof value === 'object' ? JSON.stringify(value) : String(value),
  ]);
  return { method, path, query: Object.fromEntries(texts) };
}

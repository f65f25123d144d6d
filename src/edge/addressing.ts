import type { FastifyRequest } from 'fastify';
import { ServiceError } from '../contract/errors.ts';
import { calledName, type Operation } from '../contract/operation.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import { services } from '../contract/service.ts';

/**
 * The two ways in which AWS services speak JSON, one path and a target header or a path for each operation, and the one
 * of those that take forms and answer XML.
 */
export type Protocol = 'json-1.1' | 'rest-json' | 'query';

/** Of a body that is sent; answers have it too, but those of the query protocol. */
export const contentTypes = {
  'json-1.1': 'application/x-amz-json-1.1',
  'rest-json': 'application/json',
  query: 'application/x-www-form-urlencoded',
} as const satisfies Record<Protocol, string>;

export type KnownOperation = Operation<OperationName>;

const known = Object.values<KnownOperation>(operations);

/** Operations without a path by the value of `X-Amz-Target`. */
export const operationsByTarget: ReadonlyMap<string, KnownOperation> = new Map(
  known.flatMap((operation) =>
    services[operation.service].target === undefined ? [] : [[targetOf(operation), operation]],
  ),
);

function targetOf(operation: KnownOperation): string {
  return `${services[operation.service].target}.${calledName(operation)}`;
}

/** All other operations by path. */
export const operationsByPath: ReadonlyMap<string, KnownOperation> = new Map(
  known.flatMap((operation) => (operation.path ? [[operation.path, operation]] : [])),
);

/** Operations of the query protocol by name and version. */
const operationsByAction: ReadonlyMap<string, KnownOperation> = new Map(
  known.flatMap((operation) => {
    const { query } = services[operation.service];
    return query ? [[`${calledName(operation)} ${query.version}`, operation]] : [];
  }),
);

/**
 * What a request asks for, and the protocol in which it is answered; no operation if it addresses none, or if its body
 * must be read first.
 */
export type Address = { readonly operation: KnownOperation | undefined; readonly protocol: Protocol };

export function addressOf({ method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): Address {
  if (isQuery({ method, url, headers })) return { operation: undefined, protocol: 'query' };
  const path = pathOf(url);
  if (method === 'POST' && path === '/') {
    return { operation: operationsByTarget.get(String(headers['x-amz-target'])), protocol: 'json-1.1' };
  }
  const operation = operationsByPath.get(path);
  const answers = (operation?.method ?? 'POST') === (method === 'HEAD' ? 'GET' : method);
  return { operation: answers ? operation : undefined, protocol: 'rest-json' };
}

/** Whether a request is one of the query protocol: a form, or a URL with the name of an operation. */
export function isQuery({ method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): boolean {
  if (!/^\/(?:\?|$)/.test(url) || headers['x-amz-target'] !== undefined) return false;
  if (method === 'POST' && mediaType(headers['content-type']) === contentTypes.query) return true;
  return (method === 'POST' || method === 'GET') && /[?&]Action=/.test(url);
}

/** What stands in a Content-Type before its parameters. */
export const mediaType = (header: string | undefined): string | undefined =>
  header?.split(';', 1)[0]?.trim().toLowerCase();

/** The operation that a form names. @throws ServiceError UnknownOperationException */
export function operationOfForm(url: string, body: Buffer): KnownOperation {
  const form = `${queryOf(url)}&${body.toString('latin1')}`;
  const parameter = (name: string) => new RegExp(`(?:^|&)${name}=([\\w-]{1,128})(?=&|$)`).exec(form)?.[1];
  const [action, version] = [parameter('Action'), parameter('Version')];
  const operation = operationsByAction.get(`${action} ${version}`);
  if (operation) return operation;
  const message =
    action === undefined
      ? 'The request names no Action.'
      : `Could not find operation ${action} for version ${version ?? 'NO_VERSION_SPECIFIED'}`;
  throw new ServiceError('UnknownOperationException', message);
}

/** A URL without its query. */
export function pathOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? url : url.slice(0, mark);
}

/** The query of a URL, without its question mark. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

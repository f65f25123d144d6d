import type { FastifyRequest } from 'fastify';
import { calledName, type Operation } from '../contract/operation.ts';
import { type OperationName, operations } from '../contract/operations.ts';
import { services } from '../contract/service.ts';

/** The two ways in which AWS services speak JSON: one path and a target header, or a path for each operation. */
export type Protocol = 'json-1.1' | 'rest-json';

export const contentTypes = {
  'json-1.1': 'application/x-amz-json-1.1',
  'rest-json': 'application/json',
} as const satisfies Record<Protocol, string>;

export type KnownOperation = Operation<OperationName>;

const known = Object.values<KnownOperation>(operations);

/** Operations without a path by the value of `X-Amz-Target`. */
export const operationsByTarget: ReadonlyMap<string, KnownOperation> = new Map(
  known.flatMap((operation) => (operation.path ? [] : [[targetOf(operation), operation]])),
);

function targetOf(operation: KnownOperation): string {
  return `${services[operation.service].target}.${calledName(operation)}`;
}

/** All other operations by path. */
export const operationsByPath: ReadonlyMap<string, KnownOperation> = new Map(
  known.flatMap((operation) => (operation.path ? [[operation.path, operation]] : [])),
);

/** What a request asks for, and the protocol in which it is answered; no operation if it addresses none. */
export type Address = { readonly operation: KnownOperation | undefined; readonly protocol: Protocol };

export function addressOf({ method, url, headers }: Pick<FastifyRequest, 'method' | 'url' | 'headers'>): Address {
  const [path = ''] = url.split('?', 1);
  if (method === 'POST' && path === '/') {
    return { operation: operationsByTarget.get(String(headers['x-amz-target'])), protocol: 'json-1.1' };
  }
  const operation = operationsByPath.get(path);
  const answers = (operation?.method ?? 'POST') === (method === 'HEAD' ? 'GET' : method);
  return { operation: answers ? operation : undefined, protocol: 'rest-json' };
}

/** The query of a URL, without its question mark. */
export function queryOf(url: string): string {
  const mark = url.indexOf('?');
  return mark < 0 ? '' : url.slice(mark + 1);
}

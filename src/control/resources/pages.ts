import { createHash } from 'node:crypto';
import { ServiceError } from '../../contract/errors.ts';
import type { Caller } from '../handler.ts';
import type { Kind, ResourceOf } from './kind.ts';
import { type Queryable, selectResources } from './resource-store.ts';

type PageRequest = { readonly nextToken?: string; readonly maxResults?: number };

const defaultPageSize = 100;

/**
 * One page of the caller's resources of a kind, newest first, of one parent if given; `nextToken` if more follow.
 *
 * @throws ServiceError InvalidNextTokenException if the token was not given out for this very list.
 */
export async function pageOfResources<K extends Kind>(
  db: Queryable,
  kind: K,
  { account, region }: Caller,
  { nextToken, maxResults = defaultPageSize }: PageRequest,
  parent?: string,
): Promise<{ resources: ResourceOf<K>[]; nextToken?: string }> {
  const list = [kind.name, account, region, parent ?? ''];
  const before = positionOf(nextToken, list);
  const found = await selectResources(db, kind, { account, region, parent, before, limit: maxResults + 1 });
  const resources = found.slice(0, maxResults);
  const last = resources.at(-1);
  return { resources, ...(found.length > maxResults && last && { nextToken: tokenFor(last.sequence, list) }) };
}

/**
 * One page of a list that is in memory. With `firstHasToken` the first page has a token even if none follows but an
 * empty one.
 *
 * @throws ServiceError InvalidNextTokenException as above.
 */
export function pageOf<T>(
  items: readonly T[],
  name: string,
  { nextToken, maxResults = defaultPageSize }: PageRequest,
  { firstHasToken = false } = {},
): { items: readonly T[]; nextToken?: string } {
  const start = positionOf(nextToken, [name]) ?? 0;
  const end = start + maxResults;
  const goesOn = end < items.length || (firstHasToken && start === 0);
  return { items: items.slice(start, end), ...(goesOn && { nextToken: tokenFor(end, [name]) }) };
}

/** A token holds a position and a digest of the list that it belongs to. */
function tokenFor(position: number, list: readonly string[]): string {
  return Buffer.from(`${position} ${digest(list)}`).toString('base64url');
}

function positionOf(token: string | undefined, list: readonly string[]): number | undefined {
  if (token === undefined) return undefined;
  const [position, ofList] = Buffer.from(token, 'base64url').toString().split(' ');
  const isOurs = position !== undefined && /^\d{1,15}$/.test(position) && ofList === digest(list);
  if (!isOurs) throw new ServiceError('InvalidNextTokenException', 'The nextToken is not valid for this request.');
  return Number(position);
}

const digest = (list: readonly string[]) =>
  createHash('sha256').update(JSON.stringify(list)).digest('hex').slice(0, 16);

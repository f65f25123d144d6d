import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { linkOf } from '../chain.ts';

/** An object as CloudTrail lays it out. */
export type TrailObject = { readonly key: string; readonly content: Buffer };

/** Where records stand that name neither. */
export type Origin = { readonly account: string; readonly region: string };

type Group = { readonly path: string; readonly name: string; readonly lines: string[]; last: string };

const compress = promisify(gzip);

/**
 * The objects for some lines of the trail, one for each account and region. The same lines make the same objects. Lines
 * that a kill has left half-written are in none.
 */
export async function objectsOf(lines: readonly string[], origin: Origin): Promise<TrailObject[]> {
  const groups = new Map<string, Group>();
  for (const line of lines) {
    const link = linkOf(line);
    if (!link) continue;
    const { account, region, time } = placeOf(line, origin);
    const day = time.slice(0, 10).replaceAll('-', '/');
    const path = `AWSLogs/${account}/CloudTrail/${region}/${day}`;
    const minute = `${time.slice(0, 16).replaceAll(/[-:]/g, '')}Z`;
    const group = groups.get(path) ?? { path, name: `${account}_CloudTrail_${region}_${minute}`, lines: [], last: '' };
    groups.set(path, group);
    group.lines.push(line);
    group.last = link.hash;
  }
  return await Promise.all([...groups.values()].map(objectOf));
}

async function objectOf({ path, name, lines, last }: Group): Promise<TrailObject> {
  const content = await compress(`{"Records":[${lines.join(',')}]}`);
  return { key: `${path}/${name}_${last.slice(0, 16).toUpperCase()}.json.gz`, content };
}

type Fields = {
  readonly recipientAccountId?: unknown;
  readonly awsRegion?: unknown;
  readonly eventTime?: unknown;
  readonly errorCode?: unknown;
  readonly userIdentity?: { readonly type?: unknown };
};

/** What strangers claim names no folder, or each of them could make one. */
function placeOf(line: string, { account, region }: Origin): Origin & { readonly time: string } {
  const { recipientAccountId, awsRegion, eventTime, errorCode, userIdentity }: Fields = JSON.parse(line);
  const isRefusedStranger = errorCode !== undefined && userIdentity?.type === 'Unknown';
  return {
    account: isText(recipientAccountId, /^\d{12}$/) ? recipientAccountId : account,
    region: !isRefusedStranger && isText(awsRegion, /^[a-z][a-z\d-]{0,62}$/) ? awsRegion : region,
    time: isText(eventTime, /^\d{4}-\d\d-\d\dT\d\d:\d\d/) ? eventTime : '1970-01-01T00:00',
  };
}

const isText = (value: unknown, form: RegExp): value is string => typeof value === 'string' && form.test(value);

import { isBucketName } from '../../data/objects/s3-uri.ts';
import { S3Error } from './s3-error.ts';

/** What a request is about: the server, a bucket, or an object in it. */
export type S3Address = {
  /** Undefined for the server. */
  readonly bucket: string | undefined;
  /** Empty for a bucket. */
  readonly key: string;
  /** The bucket, if the host names it and not the path. */
  readonly virtualBucket: string | undefined;
};

type Head = {
  readonly url: string;
  readonly headers: Readonly<Partial<Record<string, string | string[]>>>;
};

const urlSignedForS3 = /[?&]X-Amz-Credential=[^&]*(?:\/|%2F)s3(?:\/|%2F)aws4_request(?:&|$)/i;

/** The longest name of a host. */
const longestName = 253;

/**
 * Whether a request is S3's: its signature is made for `s3`, and it names no operation of another service. A request
 * without a signature is S3's if it asks for a host of S3, such as `s3.localhost`.
 */
export function isS3({ url, headers }: Head, hostName: string | undefined): boolean {
  if (headers['x-amz-target'] !== undefined) return false;
  const authorization = headers.authorization === undefined ? undefined : String(headers.authorization);
  if (authorization !== undefined) {
    // Version 2, which no other service of these takes, begins with `AWS `.
    return authorization.startsWith('AWS ') || authorization.includes('/s3/aws4_request');
  }
  if (urlSignedForS3.test(url) || (/[?&]AWSAccessKeyId=/.test(url) && /[?&]Signature=/.test(url))) return true;
  return hostName !== undefined && hostName.length <= longestName && s3Host.test(hostName);
}

const s3Host = /(^|\.)s3([.-][a-z\d.-]+)?\.(localhost|amazonaws\.com)$|(^|\.)s3\.localhost$/;

/** What stands behind the bucket in a host name of the virtual-host style. */
const bases = /^(.+?)\.((?:s3[.-][a-z\d.-]+|s3)\.(?:localhost|amazonaws\.com)|localhost)$/;

/**
 * Takes a bucket off the front of a host name, as in `films.localhost`.
 *
 * @param names the server's names beside `localhost`; each may have a bucket before it, and none is one itself
 */
export function splitHost(host: string, names: readonly string[]): { readonly base: string; readonly bucket?: string } {
  if (names.includes(host) || isBase(host) || host.length > longestName) return { base: host };
  const name = names.find((candidate) => host.endsWith(`.${candidate}`));
  const [, bucket, base] =
    name === undefined ? (bases.exec(host) ?? []) : [host, host.slice(0, -name.length - 1), name];
  return bucket !== undefined && base !== undefined && isBucketName(bucket) ? { base, bucket } : { base: host };
}

const isBase = (host: string) => /^(s3([.-][a-z\d-]+)?\.(localhost|amazonaws\.com)|localhost)$/.test(host);

/** @param virtualBucket as the host has it @throws S3Error InvalidURI for a path that is no text */
export function s3AddressOf(url: string, virtualBucket: string | undefined): S3Address {
  const path = decodedPath(url.split('?', 1)[0] ?? '').slice(1);
  if (virtualBucket !== undefined) return { bucket: virtualBucket, key: path, virtualBucket };
  const slash = path.indexOf('/');
  const bucket = slash < 0 ? path : path.slice(0, slash);
  return { bucket: bucket === '' ? undefined : bucket, key: slash < 0 ? '' : path.slice(slash + 1), virtualBucket };
}

function decodedPath(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    throw new S3Error('InvalidURI', "Couldn't parse the specified URI.");
  }
}

import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import type { Principal } from '../../access/principal.ts';
import type { FolderBuckets } from '../../data/objects/folder-buckets/folder-buckets.ts';
import type { ChunkSignatures } from './aws-chunked.ts';
import type { Pace } from './pace.ts';
import type { S3Address } from './s3-address.ts';

/** Who asks. */
export type S3Caller = {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  /** Absent where signatures are not verified. */
  readonly principal?: Principal | undefined;
  /** Checks a body that is signed in chunks. */
  readonly chunkSignatures?: ChunkSignatures | undefined;
};

/** An action such as `s3:GetObject`, and what it is done to. */
export type S3Permission = {
  readonly action: string;
  /** Undefined for the server. */
  readonly bucket: string | undefined;
  /** Empty for the bucket. */
  readonly key: string;
};

/** A call whose body has not been read. */
export type S3Call = {
  /** The request id of its answer. */
  readonly id: string;
  readonly method: string;
  readonly address: S3Address;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Readable;
  /** How slowly the body may come. */
  readonly pace: Pace;
  readonly caller: S3Caller;
  readonly buckets: FolderBuckets;
  /** Whose the buckets are that a person has made as folders. */
  readonly folderAccount: string;
  /** @throws S3Error AccessDenied for what the caller's policies do not allow */
  readonly requireAllowed: (permission: S3Permission) => Promise<void>;
};

export type S3Response = {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readable | undefined;
};

/** A header that came once, as text. */
export function headerOf({ headers }: Pick<S3Call, 'headers'>, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value.join(',') : value;
}

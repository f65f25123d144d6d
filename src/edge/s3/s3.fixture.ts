import { mkdtemp, rm } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { FolderBuckets } from '../../data/objects/folder-buckets/folder-buckets.ts';
import { httpServerFor } from '../http-server.fixture.ts';
import { authenticateS3 } from './s3-authentication.ts';
import type { S3Parts } from './s3-handler.ts';

export type Answer = {
  readonly status: number;
  readonly headers: Readonly<Partial<Record<string, string | string[]>>>;
  readonly body: string;
};

type Request = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Without the header of a signature. */
  readonly unsigned?: boolean;
};

const scope = 'AKIDEXAMPLE/20261121/eu-west-1/s3/aws4_request';

/** A signature for S3, true in form. */
const signed = {
  authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=${'0'.repeat(64)}`,
  'x-amz-date': '20261121T000000Z',
  'x-amz-content-sha256': 'UNSIGNED-PAYLOAD',
};

/** A server over a new folder of buckets. @param partsOf what differs from a server that verifies nothing */
export async function startS3(
  partsOf: (buckets: FolderBuckets) => Partial<S3Parts> = () => ({}),
  allowedHosts: readonly string[] = [],
) {
  const home = await mkdtemp(join(tmpdir(), 's3-'));
  const folder = join(home, 'buckets');
  const account = '000000000000';
  const buckets = new FolderBuckets(folder);
  const app = httpServerFor({
    s3: {
      buckets,
      folderAccount: account,
      hostNames: allowedHosts,
      authenticate: authenticateS3({ account }),
      ...partsOf(buckets),
    },
    allowedHosts: [...allowedHosts],
  });
  const url = new URL(await app.listen({ host: '127.0.0.1', port: 0 }));
  return {
    home,
    folder,
    url: url.origin,
    /** Sends a path as it is, which `fetch` would not. */
    async ask(method: string, path: string, { headers = {}, body, unsigned = false }: Request = {}): Promise<Answer> {
      const { promise, resolve, reject } = Promise.withResolvers<Answer>();
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const all = { ...(!unsigned && signed), ...length, ...headers };
      const sent = httpRequest({ host: url.hostname, port: url.port, method, path, headers: all }, (response) => {
        buffer(response).then(
          (bytes) =>
            resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes.toString('utf8') }),
          reject,
        );
      });
      sent.on('error', reject).end(body);
      return await promise;
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await rm(home, { recursive: true });
    },
  };
}

/** The code of an error's answer; undefined for an answer that is none. */
export const codeOf = ({ body }: Answer): string | undefined => /<Code>(\w+)<\/Code>/.exec(body)?.[1];

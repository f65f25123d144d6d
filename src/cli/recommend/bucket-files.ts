import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import type { S3 } from '@aws-sdk/client-s3';

/** Objects of a bucket below a prefix of their own, and the bucket if it had to be made: gone at the end. */
export class BucketFiles implements AsyncDisposable {
  readonly #s3: S3;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #isMade: boolean;

  private constructor(s3: S3, bucket: string, prefix: string, isMade: boolean) {
    this.#s3 = s3;
    this.#bucket = bucket;
    this.#prefix = prefix;
    this.#isMade = isMade;
  }

  /** @param prefix that nobody else uses, ending in `/` */
  static async open(s3: S3, bucket: string, prefix: string): Promise<BucketFiles> {
    return new BucketFiles(s3, bucket, prefix, await makeBucket(s3, bucket));
  }

  uri(name: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${name}`;
  }

  async upload(name: string, content: AsyncIterable<string>): Promise<void> {
    const { Upload } = await import('@aws-sdk/lib-storage');
    const params = {
      Bucket: this.#bucket,
      Key: this.#prefix + name,
      Body: Readable.from(content, { objectMode: false }),
    };
    await new Upload({ client: this.#s3, params }).done();
  }

  async *lines(name: string): AsyncGenerator<string> {
    const { Body } = await this.#s3.getObject({ Bucket: this.#bucket, Key: this.#prefix + name });
    if (!(Body instanceof Readable)) throw new Error(`${this.uri(name)} has no content.`);
    for await (const line of createInterface({ input: Body, crlfDelay: Number.POSITIVE_INFINITY })) {
      if (line !== '') yield line;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { Contents = [] } = await this.#s3.listObjectsV2({ Bucket: this.#bucket, Prefix: this.#prefix });
    for (const { Key } of Contents) await this.#s3.deleteObject({ Bucket: this.#bucket, Key });
    if (this.#isMade) await this.#s3.deleteBucket({ Bucket: this.#bucket });
  }
}

/** @returns whether it was not there */
async function makeBucket(s3: S3, bucket: string): Promise<boolean> {
  try {
    await s3.headBucket({ Bucket: bucket });
    return false;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== 'NotFound') throw error;
  }
  await s3.createBucket({ Bucket: bucket });
  return true;
}

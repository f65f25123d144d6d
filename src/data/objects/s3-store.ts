import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import {
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
  S3ServiceException,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { ScratchFolder, type ScratchPath } from '../home/scratch-folder.ts';
import { fileProblem } from './file-problem.ts';
import { checkFolderPrefix, checkFolderToRemove, checkKey, checkPrefix } from './object-key.ts';
import { type LocalCopy, type ObjectInfo, type ObjectStore, ObjectStoreError } from './object-store.ts';
import { s3Problem } from './s3-problem.ts';
import { translatedStream } from './translated-stream.ts';

/** Bytes of a part of an upload: 10,000 parts at most make 160 GB the largest object. */
const partBytes = 16 << 20;
/** Keys in one DeleteObjects request, the service's maximum. */
const removedAtOnce = 1000;

/**
 * A client of S3 or of a server that speaks its protocol (without `endpoint`: S3 itself), with the credentials that the
 * AWS CLI would find: environment, profile, container, instance.
 */
export function s3Client(endpoint: string | undefined): S3Client {
  return new S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    region: process.env.AWS_REGION ?? process.env.AWS_DEFAULT_REGION ?? 'us-east-1',
    followRegionRedirects: true,
    forcePathStyle: true,
    // Servers other than S3 often know no checksums beyond those that the protocol asks for.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 10_000, socketTimeout: 300_000 },
  });
}

/** Objects in a bucket, below a prefix that is empty or ends in `/`. Local copies are downloads below `cacheFolder`. */
export class S3Store implements ObjectStore {
  readonly #client: S3Client;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #cache: ScratchFolder;

  constructor(client: S3Client, location: { bucket: string; prefix: string; cacheFolder: string }) {
    this.#client = client;
    this.#bucket = location.bucket;
    this.#prefix = location.prefix;
    this.#cache = new ScratchFolder(location.cacheFolder);
  }

  /** Throws ObjectStoreError if the bucket is not there or not ours to use. */
  async checkBucket(): Promise<void> {
    try {
      await this.#client.send(new HeadBucketCommand({ Bucket: this.#bucket }));
    } catch (error) {
      const problem = this.#problem('', error);
      // The answer to HEAD has no body that would tell a missing bucket by name.
      const missing = problem instanceof ObjectStoreError && problem.reason === 'missing';
      throw missing
        ? new ObjectStoreError('missing', `The bucket ${this.#bucket} does not exist.`, { cause: error })
        : problem;
    }
  }

  /** Removes local copies of processes that are gone. */
  sweep(): Promise<void> {
    return this.#locally('', () => this.#cache.sweep());
  }

  async head(key: string): Promise<ObjectInfo | undefined> {
    try {
      const facts = await this.#attempt(key, () => this.#client.send(new HeadObjectCommand(this.#object(key))));
      return { key, bytes: facts.ContentLength ?? 0 };
    } catch (error) {
      if (!(error instanceof ObjectStoreError) || error.reason !== 'missing') throw error;
      await this.checkBucket();
      return undefined;
    }
  }

  async read(key: string): Promise<Readable> {
    const { Body: body } = await this.#attempt(key, () => this.#client.send(new GetObjectCommand(this.#object(key))));
    if (!(body instanceof Readable))
      throw new Error('The S3 client gave no stream, as it does everywhere but in Node.');
    return translatedStream(body, (error) => this.#problem(key, error));
  }

  async write(key: string, content: Readable | Uint8Array | string): Promise<void> {
    const params = { ...this.#object(key), Body: content };
    const upload = new Upload({ client: this.#client, params, partSize: partBytes, queueSize: 4 });
    try {
      await upload.done();
    } catch (error) {
      // An error of the content itself is its owner's, and passes as it is.
      if (content instanceof Readable && content.errored) throw content.errored;
      throw this.#problem(key, error);
    }
  }

  async writeNew(key: string, content: string): Promise<boolean> {
    try {
      await this.#client.send(new PutObjectCommand({ ...this.#object(key), Body: content, IfNoneMatch: '*' }));
      return true;
    } catch (error) {
      const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
      // It is there, or another writes it just now.
      if (status === 412 || status === 409) return false;
      // A server that knows no conditions.
      if (status !== 501) throw this.#problem(key, error);
      if (await this.head(key)) return false;
      await this.write(key, content);
      return true;
    }
  }

  async adopt(key: string, path: string): Promise<void> {
    await this.write(key, createReadStream(path));
    await rm(path);
  }

  async *list(prefix: string, options: { readonly shallow?: boolean } = {}): AsyncIterable<ObjectInfo> {
    checkPrefix(prefix);
    const request = {
      Bucket: this.#bucket,
      Prefix: this.#prefix + prefix,
      ...(options.shallow ? { Delimiter: '/' } : {}),
    };
    try {
      for await (const page of paginateListObjectsV2({ client: this.#client }, request)) {
        for (const { Key: key = '', Size: bytes = 0 } of page.Contents ?? []) {
          // Consoles stand in for folders with empty objects of such names.
          if (!key.endsWith('/')) yield { key: key.slice(this.#prefix.length), bytes };
        }
      }
    } catch (error) {
      throw this.#problem(prefix, error);
    }
  }

  async remove(key: string): Promise<void> {
    await this.#attempt(key, () => this.#client.send(new DeleteObjectCommand(this.#object(key))));
  }

  async removeAll(prefix: string): Promise<void> {
    checkFolderToRemove(prefix);
    let keys: string[] = [];
    for await (const { key } of this.list(prefix)) {
      keys.push(key);
      if (keys.length < removedAtOnce) continue;
      await this.#removeBatch(keys);
      keys = [];
    }
    if (keys.length > 0) await this.#removeBatch(keys);
  }

  location(key: string): string {
    return `s3://${this.#bucket}/${this.#prefix}${key}`;
  }

  async localFile(key: string): Promise<LocalCopy> {
    checkKey(key);
    return await this.#copy(key, async (folder) => {
      const path = join(folder, basename(key)); // the name tells readers of files how they are compressed
      await this.#download(key, path);
      return path;
    });
  }

  async localFolder(prefix: string): Promise<LocalCopy> {
    checkFolderPrefix(prefix);
    return await this.#copy(prefix, async (folder) => {
      let files = 0;
      for await (const { key } of this.list(prefix)) {
        const relative = key.slice(prefix.length);
        checkKey(relative);
        await this.#download(key, join(folder, relative));
        files += 1;
      }
      if (files === 0) throw new ObjectStoreError('missing', `There are no objects below ${this.location(prefix)}.`);
      return folder;
    });
  }

  /** A scratch folder with what `fill` downloads; gone with the copy, or at once if that fails. */
  async #copy(key: string, fill: (folder: string) => Promise<string>): Promise<LocalCopy> {
    const scratch = await this.#scratch(key);
    try {
      return { path: await fill(scratch.path), [Symbol.asyncDispose]: () => scratch[Symbol.asyncDispose]() };
    } catch (error) {
      await scratch[Symbol.asyncDispose]();
      throw error;
    }
  }

  #scratch(key: string): Promise<ScratchPath> {
    return this.#locally(key, async () => {
      await mkdir(dirname(this.#cache.path), { recursive: true });
      return await this.#cache.claim();
    });
  }

  async #download(key: string, path: string): Promise<void> {
    const content = await this.read(key);
    await this.#locally(key, async () => {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(content, createWriteStream(path));
    });
  }

  async #removeBatch(keys: readonly string[]): Promise<void> {
    const objects = keys.map((key) => ({ Key: this.#prefix + key }));
    const command = new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects: objects, Quiet: true } });
    const { Errors: [first] = [] } = await this.#attempt('', () => this.#client.send(command));
    if (!first) return;
    const reason = first.Code === 'AccessDenied' ? 'forbidden' : 'unreachable';
    throw new ObjectStoreError(
      reason,
      `s3://${this.#bucket}/${first.Key} cannot be removed: ${first.Message ?? first.Code}.`,
    );
  }

  #object(key: string): { Bucket: string; Key: string } {
    checkKey(key);
    return { Bucket: this.#bucket, Key: this.#prefix + key };
  }

  async #attempt<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#problem(key, error);
    }
  }

  /** For work on a local copy, where errors are those of this machine's disk. */
  async #locally<T>(key: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileProblem(error, `${this.#cache.path} (for a copy of ${this.location(key)})`) ?? error;
    }
  }

  #problem<E>(key: string, error: E): E | ObjectStoreError {
    return s3Problem(error, this.location(key), this.#bucket) ?? error;
  }
}

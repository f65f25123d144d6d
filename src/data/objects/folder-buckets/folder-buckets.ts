import { randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rm, rmdir, stat, unlink } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Turns, turnsHere } from '../../../util/turns.ts';
import { ScratchFolder } from '../../home/scratch-folder.ts';
import { syncFolders, unlessMissing } from '../durable-files.ts';
import { fileProblem } from '../file-problem.ts';
import { makeFolder } from '../make-folder.ts';
import { isBucketName } from '../s3-uri.ts';
import { BucketError } from './bucket-error.ts';
import { BucketObjects, bucketMissing } from './bucket-objects.ts';
import { MultipartUploads } from './multipart-uploads.ts';
import { hiddenNames } from './object-paths.ts';
import { replaceFile } from './replace-file.ts';
import { walkKeys } from './walk-keys.ts';

/** What is written down about a bucket; of a folder that a person has made, nothing is. */
export type BucketRecord = {
  /** Whose it is; undefined for a folder that a person has made. */
  readonly account?: string;
  readonly region?: string;
  /** Documents that are stored and given back, by name: `policy`, …. */
  readonly documents: Readonly<Record<string, string>>;
};

export type Bucket = BucketRecord & {
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly objects: BucketObjects;
  readonly uploads: MultipartUploads;
};

/** Beside the buckets; no bucket has such a name. */
const recordsName = '.s3';

/**
 * The buckets in a folder, each a folder in it. What is written down about them and their objects is in `.s3` beside
 * them.
 */
export class FolderBuckets {
  readonly #folder: string;
  readonly #turns: Turns;
  /** One for each bucket, as writers of the same key take turns. */
  readonly #opened = new Map<string, Pick<Bucket, 'objects' | 'uploads'>>();

  /** @param turns of all processes that write into the folder */
  constructor(folder: string, turns = turnsHere()) {
    this.#turns = turns;
    this.#folder = resolve(folder);
  }

  /** In the order of names. */
  async list(): Promise<readonly Bucket[]> {
    const names = (await this.#attempt(() => readdir(this.#folder).catch(unlessMissing))) ?? [];
    const found = names.filter(isBucketName).sort();
    return (await Promise.all(found.map((name) => this.#find(name)))).filter((bucket) => bucket !== undefined);
  }

  /** @throws BucketError `bucket-missing`, `invalid-bucket-name` */
  async find(name: string): Promise<Bucket> {
    requireBucketName(name);
    const bucket = await this.#find(name);
    if (bucket) return bucket;
    throw bucketMissing();
  }

  /** What is written down about a bucket; undefined for a name that none has. */
  async record(name: string): Promise<BucketRecord | undefined> {
    return isBucketName(name) ? await this.#find(name) : undefined;
  }

  /** @throws BucketError `bucket-exists`, `invalid-bucket-name` */
  async create(
    name: string,
    { account, region }: { readonly account: string; readonly region: string },
  ): Promise<void> {
    requireBucketName(name);
    if (await this.#find(name)) throw new BucketError('bucket-exists', 'The bucket is there already.');
    await this.#attempt(async () => {
      await makeFolder(this.#folder);
      // First, as of several who make it at once one succeeds.
      await mkdir(join(this.#folder, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'EEXIST') throw new BucketError('bucket-exists', 'The bucket is there already.');
        throw error;
      });
      await syncFolders(this.#folder, this.#folder);
      await rm(this.#recordsOf(name), { recursive: true, force: true });
      await this.#write(name, { account, region, documents: {} });
    });
  }

  /** @throws BucketError `bucket-not-empty` */
  async remove(name: string): Promise<void> {
    const root = join(this.#folder, name);
    await this.#attempt(async () => {
      const { done } = await walkKeys({ root, prefix: '', after: '', stopsAt: () => false }).next();
      if (!done) throw notEmpty();
      await new ScratchFolder(join(root, '.tmp')).sweep();
      for (const hidden of hiddenNames) await rmdir(join(root, hidden)).catch(() => {});
      await rmdir(root).catch((error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOTEMPTY' || error.code === 'EEXIST') throw notEmpty();
        if (error.code === 'ENOTDIR') return unlink(root); // a link to a folder: that stays
        throw error;
      });
      await rm(this.#recordsOf(name), { recursive: true, force: true });
      this.#opened.delete(name);
    });
  }

  /** @param text undefined removes the document */
  async setDocument({ name, ...bucket }: Bucket, document: string, text: string | undefined): Promise<void> {
    const { [document]: _, ...others } = bucket.documents;
    const documents = text === undefined ? others : { ...others, [document]: text };
    const { account, region } = bucket;
    await this.#attempt(() =>
      this.#write(name, {
        documents,
        ...(account !== undefined && { account }),
        ...(region !== undefined && { region }),
      }),
    );
  }

  async #find(name: string): Promise<Bucket | undefined> {
    return await this.#attempt(async () => {
      const stats = await stat(join(this.#folder, name)).catch(unlessMissing);
      if (!stats?.isDirectory()) return undefined;
      const text = await readFile(join(this.#recordsOf(name), 'bucket.json'), 'utf8').catch(unlessMissing);
      const record: BucketRecord = text === undefined ? { documents: {} } : JSON.parse(text);
      return { name, createdAt: stats.birthtimeMs || stats.ctimeMs, ...record, ...this.#open(name) };
    });
  }

  #open(name: string) {
    const records = this.#recordsOf(name);
    const opened = this.#opened.get(name) ?? {
      objects: new BucketObjects(name, join(this.#folder, name), join(records, 'objects'), this.#turns),
      uploads: new MultipartUploads(join(records, 'uploads')),
    };
    this.#opened.set(name, opened);
    return opened;
  }

  async #write(name: string, record: BucketRecord): Promise<void> {
    const path = join(this.#recordsOf(name), 'bucket.json');
    await replaceFile(path, JSON.stringify(record), `${path}.${randomUUID()}.partial`);
  }

  #recordsOf(name: string): string {
    return join(this.#folder, recordsName, name);
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw fileProblem(error, this.#folder) ?? error;
    }
  }
}

const notEmpty = () => new BucketError('bucket-not-empty', 'The bucket you tried to delete is not empty');

function requireBucketName(name: string): void {
  if (!isBucketName(name)) throw new BucketError('invalid-bucket-name', 'The specified bucket is not valid.');
}

import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unlessMissing } from '../durable-files.ts';
import { fileProblem } from '../file-problem.ts';
import { BucketError } from './bucket-error.ts';
import type { ObjectChecksum, ObjectDescription } from './object-facts.ts';
import type { UploadedPart } from './ordered-parts.ts';
import { replaceFile } from './replace-file.ts';

/** What an upload is to become. */
export type UploadPlan = Pick<ObjectDescription, 'headers' | 'metadata'> & {
  readonly key: string;
  /** Such as `crc32`; undefined without one. */
  readonly algorithm?: string | undefined;
  readonly checksumType: ObjectChecksum['type'];
};

export type Upload = UploadPlan & {
  readonly id: string /** Milliseconds since the epoch. */;
  readonly begunAt: number;
};

/** A part with the file that holds it. */
export type PartFile = UploadedPart & { readonly file: string };

/**
 * The uploads in parts of one bucket, a folder for each, outside of the bucket's folder. A part's record names its
 * file, so that a part is whole or not there.
 */
export class MultipartUploads {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  async begin(plan: UploadPlan): Promise<Upload> {
    const upload = { ...plan, id: randomBytes(24).toString('base64url'), begunAt: Date.now() };
    return await this.#attempt(async () => {
      await replaceJson(join(this.#folderOf(upload.id), 'upload.json'), upload);
      return upload;
    });
  }

  /** @throws BucketError `upload-missing` for one that is not there, is ended or is of another key */
  async find(id: string, key: string): Promise<Upload> {
    const upload = /^[\w-]{32}$/.test(id) ? await this.#read(id) : undefined;
    if (upload?.key === key) return upload;
    throw uploadMissing();
  }

  /** In the order of keys, then of times. */
  async list(): Promise<readonly Upload[]> {
    const ids = await this.#attempt(async () => (await readdir(this.#folder).catch(unlessMissing)) ?? []);
    const uploads = (await Promise.all(ids.map((id) => this.#read(id)))).filter((upload) => upload !== undefined);
    return uploads.sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)) || a.begunAt - b.begunAt);
  }

  /** @param checksum asked once the content is whole @throws what reading the content throws */
  async putPart(
    id: string,
    number: number,
    content: AsyncIterable<Uint8Array>,
    checksum: () => ObjectChecksum | undefined,
  ): Promise<UploadedPart> {
    const file = `${number}.${randomUUID()}`;
    const path = join(this.#folderOf(id), file);
    try {
      const { md5, bytes } = await this.#writeFile(path, content);
      const part: PartFile = { number, etag: md5, bytes, modifiedAt: Date.now(), checksum: checksum(), file };
      const former = (await this.#parts(id)).get(number);
      await this.#attempt(() => replaceJson(join(this.#folderOf(id), `${number}.json`), part));
      if (former) await rm(join(this.#folderOf(id), former.file), { force: true });
      return part;
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    }
  }

  /** By number, ascending. */
  async parts(id: string): Promise<ReadonlyMap<number, PartFile>> {
    return await this.#parts(id);
  }

  async *content(id: string, parts: readonly PartFile[]): AsyncGenerator<Uint8Array> {
    for (const { file } of parts) {
      try {
        yield* createReadStream(join(this.#folderOf(id), file), { highWaterMark: 1 << 18 });
      } catch (error) {
        throw this.#problem(error);
      }
    }
  }

  async remove(id: string): Promise<void> {
    // First, so that the upload is no more, however far the rest goes.
    await this.#attempt(() => rm(join(this.#folderOf(id), 'upload.json'), { force: true }));
    await this.#attempt(() => rm(this.#folderOf(id), { recursive: true, force: true, maxRetries: 5 }));
  }

  async #parts(id: string): Promise<Map<number, PartFile>> {
    const names = await this.#attempt(() => readdir(this.#folderOf(id)));
    const numbers = names.flatMap((name) => (/^\d+\.json$/.test(name) ? [Number.parseInt(name, 10)] : []));
    const parts = numbers
      .sort((a, b) => a - b)
      .map(async (number): Promise<[number, PartFile]> => {
        const text = await this.#attempt(() => readFile(join(this.#folderOf(id), `${number}.json`), 'utf8'));
        return [number, JSON.parse(text)];
      });
    return new Map(await Promise.all(parts));
  }

  async #read(id: string): Promise<Upload | undefined> {
    const text = await this.#attempt(() =>
      readFile(join(this.#folderOf(id), 'upload.json'), 'utf8').catch(unlessMissing),
    );
    return text === undefined ? undefined : JSON.parse(text);
  }

  async #writeFile(path: string, content: AsyncIterable<Uint8Array>) {
    const md5 = createHash('md5');
    let bytes = 0;
    const handle = await this.#attempt(() => open(path, 'wx'));
    try {
      for await (const chunk of content) {
        md5.update(chunk);
        bytes += chunk.length;
        await this.#attempt(() => handle.writeFile(chunk));
      }
      await this.#attempt(() => handle.sync());
    } finally {
      await handle.close();
    }
    return { md5: md5.digest('hex'), bytes };
  }

  #folderOf(id: string): string {
    return join(this.#folder, id);
  }

  async #attempt<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.#problem(error);
    }
  }

  #problem(error: unknown): unknown {
    const problem = fileProblem(error, this.#folder);
    return problem?.reason === 'missing' ? uploadMissing() : (problem ?? error);
  }
}

const uploadMissing = () =>
  new BucketError(
    'upload-missing',
    'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.',
  );

const replaceJson = (path: string, value: object): Promise<void> =>
  replaceFile(path, JSON.stringify(value), `${path}.${randomUUID()}.partial`);

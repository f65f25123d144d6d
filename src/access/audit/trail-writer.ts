import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolders } from '../../data/objects/durable-files.ts';
import type { TrailSink } from './audit-trail.ts';
import { type Link, LinkedLines, lineEnd } from './chain.ts';
import { trailEnd, trailFile } from './trail-files.ts';

export type TrailWriterOptions = {
  /** Made with the first record. */
  readonly folder: string;
  /** Nobody else may write under the same name. */
  readonly node: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Records could not be written and wait, or were lost. */
  readonly onError: (error: unknown, lostRecords: number) => void;
};

/** Records of one call of `append`, each a line. */
type Waiting = {
  readonly records: Buffer;
  readonly isSynced: boolean;
  readonly settle: PromiseWithResolvers<void> | undefined;
};

/** The file that is written, its length, and what comes before the next line there. */
type OpenFile = {
  readonly handle: FileHandle;
  readonly path: string;
  readonly day: string;
  size: number;
  before: string;
  link: Link;
};

/** Bytes in one write. */
const groupBytes = 2 ** 18;
/** How soon a write that failed is tried again. */
const againMs = 1000;
/** Bytes that wait while the disk takes none; beyond, the oldest records are lost. */
const mostWaiting = 2 ** 25;

/**
 * Writes records as chained JSON lines into a file for each day. What comes while one group is written and synced goes
 * together in the next. A write that fails is taken back and tried again with what comes later.
 */
export class TrailWriter implements TrailSink {
  readonly #options: TrailWriterOptions;
  readonly #lines = new LinkedLines();
  #waiting: Waiting[] = [];
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #file: OpenFile | undefined;

  constructor(options: TrailWriterOptions) {
    this.#options = options;
  }

  async append(records: Uint8Array<ArrayBuffer>, isSynced: boolean): Promise<ArrayBuffer> {
    const settle = Promise.withResolvers<void>();
    // The bytes as they are, not a copy.
    this.#waiting.push({ records: Buffer.from(records.buffer, records.byteOffset, records.length), isSynced, settle });
    this.#start();
    await settle.promise;
    return records.buffer;
  }

  /** Bytes of a file that are written for good; undefined if it is none that is being written. */
  writtenOf(path: string): number | undefined {
    return this.#file?.path === path ? this.#file.size : undefined;
  }

  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#run();
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#options.onError(new Error('The server ends.'), countOf(this.#waiting));
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#timer ??= setTimeout(() => this.#start(), againMs).unref();
    });
  }

  async #run(): Promise<void> {
    while (this.#waiting.length > 0) {
      const group = this.#nextGroup();
      try {
        await this.#write(group);
      } catch (error) {
        this.#putBack(group, error);
        return;
      }
      for (const { settle } of group) settle?.resolve();
    }
  }

  #nextGroup(): Waiting[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#waiting.length && bytes < groupBytes) bytes += this.#waiting[count++]?.records.length ?? 0;
    return this.#waiting.splice(0, count);
  }

  /** Nobody waits for these any more, but they are written when the disk takes them. */
  #putBack(group: readonly Waiting[], error: unknown): void {
    const all = [...group, ...this.#waiting];
    for (const { settle } of all) settle?.reject(error);
    let bytes = all.reduce((sum, { records }) => sum + records.length, 0);
    let lost = 0;
    while (bytes > mostWaiting) bytes -= all[lost++]?.records.length ?? 0;
    this.#waiting = all.slice(lost).map(({ records, isSynced }) => ({ records, isSynced, settle: undefined }));
    this.#options.onError(error, countOf(all.slice(0, lost)));
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const file = await this.#fileOfToday();
    const lines = this.#lines;
    lines.begin(file.link, file.before);
    for (const { records } of group) lines.addAll(records);
    const { bytes, link } = lines;
    try {
      await file.handle.appendFile(bytes);
      if (group.some(({ isSynced }) => isSynced)) await file.handle.datasync();
    } catch (error) {
      // What came of it must not stand there twice. The chain is read again before the next write.
      this.#file = undefined;
      await file.handle.truncate(file.size).catch(() => {});
      await file.handle.close().catch(() => {});
      throw error;
    }
    file.size += bytes.length;
    file.before = '';
    file.link = link;
  }

  async #fileOfToday(): Promise<OpenFile> {
    const today = new Date(this.#options.now()).toISOString().slice(0, 10);
    if (this.#file && this.#file.day >= today) return this.#file;
    // Records of reads may not have been synced yet.
    await this.#file?.handle.datasync();
    await this.#file?.handle.close();
    this.#file = undefined;
    this.#file = await openTrail(this.#options, today);
    return this.#file;
  }
}

const countOf = (waiting: readonly Waiting[]) =>
  waiting.reduce((sum, { records }) => sum + records.filter((byte) => byte === lineEnd).length, 0);

/** Opens the file of a day, or a later one that is there, where the chain of earlier files ends. */
async function openTrail({ folder, node }: TrailWriterOptions, today: string): Promise<OpenFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { newest, link, isTorn } = await trailEnd(folder, node);
  // A clock that goes back must not have records stand before older ones.
  const day = newest && newest.day > today ? newest.day : today;
  const { path } = trailFile(folder, day, node);
  const handle = await open(path, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    await syncFolders(folder, dirname(folder));
    return { handle, path, day, size, before: isTorn && newest?.day === day ? '\n' : '', link };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

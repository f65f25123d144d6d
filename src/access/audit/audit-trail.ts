import { type FileHandle, mkdir, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { syncFolders } from '../../data/objects/durable-files.ts';
import { type Link, LinkedLines } from './chain.ts';
import { trailEnd, trailFile } from './trail-files.ts';

export type AuditTrailOptions = {
  /** Made with the first record. */
  readonly folder: string;
  /** Asked with the first record. Nobody else may write under the same name. */
  readonly node: () => string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Records could not be written and wait, or were lost. */
  readonly onError: (error: unknown, lostRecords: number) => void;
};

type Waiting = { readonly record: string; settle: PromiseWithResolvers<void> | undefined };

/** The file that is written, its length, and what comes before the next line there. */
type OpenFile = { readonly handle: FileHandle; readonly day: string; size: number; before: string; link: Link };

/** How long records of reads wait for others. */
const gatheredMs = 1000;
/** Characters in one write: hashing must not hold the event loop, nor waiting records fill the young heap. */
const groupCharacters = 2 ** 17;
/** Characters that wait while the disk takes none; beyond, the oldest records are lost. */
const mostWaiting = 2 ** 25;

/**
 * Records of calls as chained JSON lines in a file for each day. What comes while one group is written and synced goes
 * together in the next. A write that fails is taken back and tried again with what comes later.
 */
export class AuditTrail {
  readonly #options: AuditTrailOptions;
  #waiting: Waiting[] = [];
  #characters = 0;
  #running: Promise<void> | undefined;
  #timer: NodeJS.Timeout | undefined;
  #file: OpenFile | undefined;
  readonly #lines = new LinkedLines();

  constructor(options: AuditTrailOptions) {
    this.#options = options;
  }

  /** Adds a record that nobody waits for: it is written within a second. */
  add(record: string): void {
    this.#push({ record, settle: undefined });
    if (this.#characters >= groupCharacters) this.#start();
    else this.#startLater();
  }

  /** Adds a record, and resolves once it is on the disk. @throws what the file system throws; the record still waits */
  async commit(record: string): Promise<void> {
    const settle = Promise.withResolvers<void>();
    this.#push({ record, settle });
    this.#start();
    await settle.promise;
  }

  /** Ends once everything is written, or cannot be. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#running;
    await this.#run();
    clearTimeout(this.#timer);
    if (this.#waiting.length > 0) this.#options.onError(new Error('The server ends.'), this.#waiting.length);
    await this.#file?.handle.close();
    this.#file = undefined;
  }

  #push(waiting: Waiting): void {
    this.#waiting.push(waiting);
    this.#characters += waiting.record.length;
  }

  #startLater(): void {
    this.#timer ??= setTimeout(() => this.#start(), gatheredMs).unref();
  }

  #start(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      if (this.#waiting.length > 0) this.#startLater();
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
    let characters = 0;
    let count = 0;
    while (count < this.#waiting.length && characters < groupCharacters) {
      characters += this.#waiting[count++]?.record.length ?? 0;
    }
    this.#characters -= characters;
    return this.#waiting.splice(0, count);
  }

  /** Nobody waits for these any more, but they are written when the disk takes them. */
  #putBack(group: Waiting[], error: unknown): void {
    for (const { settle } of group) settle?.reject(error);
    for (const { settle } of this.#waiting) settle?.reject(error);
    this.#waiting = [...group, ...this.#waiting].map(({ record }) => ({ record, settle: undefined }));
    this.#characters = this.#waiting.reduce((sum, { record }) => sum + record.length, 0);
    let lost = 0;
    while (this.#characters > mostWaiting) {
      this.#characters -= this.#waiting[lost++]?.record.length ?? 0;
    }
    this.#waiting.splice(0, lost);
    this.#options.onError(error, lost);
  }

  async #write(group: readonly Waiting[]): Promise<void> {
    const file = await this.#fileOfToday();
    const lines = this.#lines;
    lines.begin(file.link, file.before);
    for (const { record } of group) lines.add(record);
    const { bytes, link } = lines;
    try {
      await file.handle.appendFile(bytes);
      if (group.some(({ settle }) => settle)) await file.handle.datasync();
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

/** Opens the file of a day, or a later one that is there, where the chain of earlier files ends. */
async function openTrail({ folder, node }: AuditTrailOptions, today: string): Promise<OpenFile> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const { newest, link, isTorn } = await trailEnd(folder, node());
  // A clock that goes back must not have records stand before older ones.
  const day = newest && newest.day > today ? newest.day : today;
  const handle = await open(trailFile(folder, day, node()).path, 'a', 0o600);
  try {
    const { size } = await handle.stat();
    await syncFolders(folder, dirname(folder));
    return { handle, day, size, before: isTorn && newest?.day === day ? '\n' : '', link };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

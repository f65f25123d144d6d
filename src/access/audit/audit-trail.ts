/** What takes records to the disk. */
export type TrailSink = {
  /**
   * Resolves once the records are written, and on the disk if they are to be synced.
   *
   * @param records JSON objects, each a line; their memory is the sink's until then
   * @returns that memory
   * @throws what the file system throws; the records still wait
   */
  append(records: Uint8Array<ArrayBuffer>, isSynced: boolean): Promise<ArrayBuffer>;
  /** Ends once everything is written, or cannot be. */
  close(): Promise<void>;
};

/** How long records of reads wait for others. */
const gatheredMs = 1000;
/** Bytes that are handed over together. */
const gatheredBytes = 2 ** 17;
/** Of a few records, a copy is cheaper than other memory. */
const copiedBytes = 2 ** 14;
const bufferBytes = 2 * gatheredBytes;
/** Of one UTF-16 unit in UTF-8. */
const mostBytesOfUnit = 3;

/** Gathers the records of calls: those that nobody waits for are handed over with others. */
export class AuditTrail {
  readonly #sink: TrailSink;
  #buffer = newBuffer();
  #length = 0;
  /** Memory that the sink has given back: its garbage would cost more than the records. */
  #spare: Buffer<ArrayBuffer> | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(sink: TrailSink) {
    this.#sink = sink;
  }

  /** Adds a record that nobody waits for: it is written within a second. */
  add(record: string): void {
    this.#put(record);
    if (this.#length >= gatheredBytes) this.#start();
    else this.#timer ??= setTimeout(() => this.#start(), gatheredMs).unref();
  }

  /** Adds a record, and resolves once it is on the disk. @throws what the file system throws; the record still waits */
  async commit(record: string): Promise<void> {
    this.#put(record);
    await this.#handOver(true);
  }

  /** Ends once everything is written, or cannot be. */
  async close(): Promise<void> {
    this.#start();
    await this.#sink.close();
  }

  #put(record: string): void {
    const most = record.length * mostBytesOfUnit + 1;
    if (this.#length + most > this.#buffer.length) this.#start();
    if (most > this.#buffer.length) this.#buffer = newBuffer(most);
    this.#length += this.#buffer.write(record, this.#length);
    this.#length += this.#buffer.write('\n', this.#length);
  }

  #start(): void {
    // The sink says what fails.
    if (this.#length > 0) this.#handOver(false).catch(() => {});
  }

  async #handOver(isSynced: boolean): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const records = new Uint8Array(this.#buffer.buffer, 0, this.#length);
    this.#length = 0;
    if (records.length < copiedBytes) {
      await this.#sink.append(records.slice(), isSynced);
      return;
    }
    this.#buffer = this.#spare ?? newBuffer();
    this.#spare = undefined;
    const memory = await this.#sink.append(records, isSynced);
    if (memory.byteLength === bufferBytes) this.#spare = Buffer.from(memory);
  }
}

/** Of memory of its own, which a thread can be given. */
const newBuffer = (bytes = bufferBytes): Buffer<ArrayBuffer> => Buffer.from(new ArrayBuffer(bytes));

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/database.ts';
import { openDuckDb } from '../engine/duckdb.ts';
import { parquetFiles } from '../engine/parquet-files.ts';
import { appendDatasetFiles } from '../manifest.ts';
import { checksumOf } from '../objects/checksums.ts';
import { openStore } from '../objects/open-store.ts';
import { decodeLines, encodeLine } from '../records/layout.ts';
import type { LogEntry } from '../records/record-log.ts';
import { RecordLog, type Subscriber } from '../records/record-log.ts';
import type { Snapshot, View } from './view.ts';

const layout = [{ name: 'TEXT', type: 'string' }] as const;

/** A view of the texts that datasets hold, as they were read and applied. */
export class TextView implements View {
  readonly texts: string[] = [];
  readonly name: string;
  isStale = false;
  expired = 0;
  readonly #arns: readonly string[];
  readonly #before: (signal: AbortSignal) => Promise<void>;

  /** @param before runs ahead of reading */
  constructor(arns: readonly string[], name = '', before: (signal: AbortSignal) => Promise<void> = async () => {}) {
    this.#arns = arns;
    this.name = name;
    this.#before = before;
  }

  get bytes(): number {
    return this.texts.length;
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    await this.#before(signal);
    using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder });
    for (const arn of this.#arns) {
      const files = of(arn).files.map(({ path }) => path);
      const rows = files.length === 0 ? [] : await duckDb.run(`SELECT TEXT FROM ${parquetFiles(files)}`, signal);
      for (const { TEXT } of rows) this.texts.push(`${arn} ${TEXT}`);
    }
  }

  apply({ datasetArn, body }: LogEntry): void {
    for (const [text] of decodeLines(body)) this.texts.push(`${datasetArn} ${text}`);
  }

  expire(): void {
    this.expired++;
  }
}

/** A record log that can be made to have a gap. */
class GappyLog extends RecordLog {
  readonly #gaps = new Set<() => void>();

  override subscribe(subscriber: Subscriber): () => void {
    const end = super.subscribe(subscriber);
    this.#gaps.add(subscriber.gap);
    return () => {
      this.#gaps.delete(subscriber.gap);
      end();
    };
  }

  /** How many views follow it. */
  get subscribers(): number {
    return this.#gaps.size;
  }

  override gap(): void {
    for (const gap of [...this.#gaps]) gap();
  }
}

/** A database, a store and a record log, for views. */
export async function openViewParts() {
  const folder = await mkdtemp(join(tmpdir(), 'views-'));
  const opened = await openDatabase({ file: ':memory:' });
  const store = await openStore({ folder: join(folder, 'store') });
  let now = 1_700_000_000_000;
  const clock = { now: () => now };
  const errors: string[] = [];
  const log = { error: (_: object, message: string) => errors.push(message) };
  const records = new GappyLog({ ...opened, clock, log });
  const line = await records.layouts.idOf(layout);
  let imports = 0;
  return {
    parts: { database: opened.database, store, records, workFolder: join(folder, 'work'), clock, log },
    errors,
    advance: (ms: number) => {
      now += ms;
    },
    put: (datasetArn: string, text: string) =>
      records.append({ datasetArn, layout: line, records: 1, body: encodeLine([text]) }),
    /** Adds a file as an import does. */
    async import(datasetArn: string, text: string) {
      const path = join(folder, `${imports++}.parquet`);
      using duckDb = await openDuckDb({ memoryBytes: 2 ** 28, temporaryFolder: join(folder, 'spilled') });
      await duckDb.run(`COPY (SELECT '${text}' AS TEXT) TO '${path}' (FORMAT parquet)`);
      const file = { key: `imported/${imports}`, rows: 1, ...(await checksumOf(path)) };
      await store.adopt(file.key, path);
      await opened.database
        .transaction()
        .execute((trx) => appendDatasetFiles(trx, datasetArn, 'arn:job', [file], clock.now()));
    },
    async close() {
      await records.stop();
      await opened.close();
      await rm(folder, { recursive: true });
    },
  };
}

import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Progress } from '../../util/progress.ts';
import { openDatabase } from '../database/database.ts';
import type { DatasetSchema } from '../dataset-schema.ts';
import { openImports } from '../import/import.fixture.ts';
import { appendDatasetFiles, clearDataset, compactDatasetFiles, compactedThrough, datasetFiles } from '../manifest.ts';
import { openBuckets } from '../objects/buckets.ts';
import type { Buckets } from '../objects/object-store.ts';
import { compactRecords } from '../records/compaction.ts';
import { encodeLine, type Layout } from '../records/layout.ts';
import { RecordLog } from '../records/record-log.ts';
import { type ExportRequest, exportCsv } from './export-csv.ts';
import type { IngestionMode } from './export-location.ts';

const datasetArn = 'arn:dataset';
const idle: Progress = { report() {}, signal: new AbortController().signal };

type Options = Partial<Pick<ExportRequest, 'partBytes' | 'type' | 'location' | 'buckets'>> & { progress?: Progress };

/** A dataset that is imported, put and exported, with the bucket `out`. */
export async function openExports(schema: DatasetSchema, type: ExportRequest['type'] = 'ITEMS') {
  const imports = await openImports();
  const folder = await mkdtemp(join(tmpdir(), 'export-'));
  const out = join(folder, 'buckets/out');
  await mkdir(out, { recursive: true });
  const opened = await openDatabase({ file: join(folder, 'database') });
  const { database } = opened;
  const log = new RecordLog({ ...opened, clock: { now: () => 0 }, log: { error: () => {} } });
  const buckets: Buckets = await openBuckets({ folder: join(folder, 'buckets') });
  let written = 0;

  const inTransaction = (work: Parameters<ReturnType<typeof database.transaction>['execute']>[0]) =>
    database.transaction().execute(work);

  return {
    imports,
    out,
    buckets,
    /** As an INCREMENTAL import job does. */
    async import(content: string, ofSchema = schema) {
      await imports.put('a.csv', content);
      const { files } = await imports.run({ schema: ofSchema, type, badRows: 0 });
      const prefix = `import-${written++}/`;
      const moved: typeof files = [];
      for (const file of files) {
        const key = prefix + file.key;
        await using copy = await imports.store.localFile(file.key);
        await imports.store.write(key, await readFile(copy.path));
        moved.push({ ...file, key });
      }
      await inTransaction((trx) => appendDatasetFiles(trx, datasetArn, 'arn:job', moved, 0));
    },
    /** As PutItems and PutEvents do. */
    async put(layout: Layout, ...lines: string[][]) {
      const id = await log.layouts.idOf(layout);
      const body = lines.map(encodeLine).join('');
      await log.append({ datasetArn, layout: id, records: lines.length, body });
    },
    async compact() {
      const compaction = await compactRecords({
        log,
        store: imports.store,
        datasetArn,
        after: compactedThrough(await datasetFiles(database, datasetArn)),
        through: await log.lastPosition(),
        absorbed: [],
        targetPrefix: `compacted-${written++}/`,
        workFolder: join(folder, `compaction-${written}`),
        signal: new AbortController().signal,
      });
      if (compaction) await inTransaction((trx) => compactDatasetFiles(trx, datasetArn, compaction, 0));
    },
    async export(mode: IngestionMode, { progress = idle, ...more }: Options = {}) {
      const storage = { database, store: imports.store, records: log };
      const workFolder = join(folder, 'work');
      const facts = { datasetArn, schema, type, mode, buckets, location: 's3://out/', workFolder };
      return await exportCsv({ ...storage, ...facts, ...more }, progress);
    },
    /** Empties the dataset. */
    clear: () => inTransaction((trx) => clearDataset(trx, datasetArn)),
    /** The names of the files in the bucket. */
    async names(): Promise<string[]> {
      return (await readdir(out)).filter((name) => !name.startsWith('.')).sort();
    },
    read: (name: string) => readFile(join(out, name), 'utf8'),
    /** Nothing is left where exports work. */
    working: () => readdir(folder).then((names) => names.filter((name) => name === 'work')),
    async close() {
      await opened.close();
      await imports.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export type Exports = Awaited<ReturnType<typeof openExports>>;

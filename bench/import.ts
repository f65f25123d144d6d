import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { ConversionReport, Converter } from './import/conversion.ts';
import { writeInteractionsCsv } from './import/generated-csv.ts';
import { median } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const rounds = 3;
const mebibyte = 2 ** 20;
const large = 'interactions.csv';
const small = { folder: 'small/', files: 3000, rows: 100 } as const;

/**
 * An import of a CSV file of 20 M interactions beside DuckDB's own CSV → Parquet copy of the same file, which checks
 * nothing. Each conversion has a process of its own; the two take turns, and the median of each counts. Budgets: 1.3
 * times the copy's time, 2 GiB.
 */
export async function benchImport({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 500_000 : 20_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    await mkdir(join(folder, 'buckets/bench'), { recursive: true });
    const csv = join(folder, 'buckets/bench', large);
    await writeInteractionsCsv(csv, rows);
    const { size } = await stat(csv);

    const copies: ConversionReport[] = [];
    const imports: ConversionReport[] = [];
    for (let round = 0; round < rounds; round++) {
      copies.push(await convert('duckdb', folder, large));
      imports.push(await convert('import', folder, large));
    }
    const middle = (reports: readonly ConversionReport[], part: keyof ConversionReport) =>
      median(reports.map((report) => report[part]));
    const [seconds, copySeconds] = [middle(imports, 'seconds'), middle(copies, 'seconds')];
    const [cpu, copyCpu] = [middle(imports, 'cpuSeconds'), middle(copies, 'cpuSeconds')];
    const peakMiB = Math.max(...imports.map(({ peakBytes }) => peakBytes)) / mebibyte;
    const detail = `${rows.toLocaleString('en')} rows, ${Math.round(size / mebibyte)} MiB, median of ${rounds}`;
    return [
      {
        name: 'import: CSV to checked Parquet',
        value: seconds,
        unit: 's',
        ratio: seconds / copySeconds,
        limit: 1.3,
        detail,
      },
      { name: "import: DuckDB's own copy, unchecked", value: copySeconds, unit: 's', detail },
      // Says more than the clock where other programs have the processor, too.
      { name: 'import: processor time', value: cpu, unit: 's', ratio: cpu / copyCpu, limit: 1.3, detail },
      { name: 'import: throughput', value: rows / seconds, unit: 'rows/s', detail },
      { name: 'import: peak memory of the process', value: peakMiB, unit: 'MiB', limit: 2048, detail },
      await measureSmallFiles(folder),
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A folder of many small files, as Spark writes them; starting costs a part of it, too. */
async function measureSmallFiles(folder: string): Promise<BenchResult> {
  const path = join(folder, 'buckets/bench', small.folder);
  await mkdir(path);
  const name = (file: number) => `part-${String(file).padStart(5, '0')}.csv`;
  for (let file = 0; file < small.files; file++) await writeInteractionsCsv(join(path, name(file)), small.rows);
  const { seconds, cpuSeconds } = await convert('import', folder, small.folder);
  const detail = `${small.files} files of ${small.rows} rows in ${seconds.toFixed(1)} s; ${cpuSeconds.toFixed(1)} s of processor time`;
  return { name: 'import: a small file', value: (1000 * seconds) / small.files, unit: 'ms', limit: 3, detail };
}

async function convert(converter: Converter, folder: string, location: string): Promise<ConversionReport> {
  const script = new URL('./import/conversion.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, converter, folder, location]);
  return JSON.parse(stdout);
}

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

/**
 * An import of a CSV file of 20 M interactions beside DuckDB's own CSV → Parquet copy of the same file, which checks
 * nothing. Each conversion has a process of its own; the two take turns, and the median of each counts. Budgets: 1.3 times
 * the copy's time, 2 GiB.
 */
export async function benchImport({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rows = quick ? 500_000 : 20_000_000;
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    await mkdir(join(folder, 'buckets/bench'), { recursive: true });
    const csv = join(folder, 'buckets/bench/interactions.csv');
    await writeInteractionsCsv(csv, rows);
    const { size } = await stat(csv);

    const copies: ConversionReport[] = [];
    const imports: ConversionReport[] = [];
    for (let round = 0; round < rounds; round++) {
      copies.push(await convert('duckdb', folder));
      imports.push(await convert('import', folder));
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
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function convert(converter: Converter, folder: string): Promise<ConversionReport> {
  const script = new URL('./import/conversion.ts', import.meta.url).pathname;
  const { stdout } = await promisify(execFile)(process.execPath, [script, converter, folder]);
  return JSON.parse(stdout);
}

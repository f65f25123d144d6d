import { benchAttribution } from './batch/attribution.ts';
import { benchDeletion } from './batch/deletion.ts';
import { benchExport } from './batch/export.ts';
import { benchInference } from './batch/inference.ts';
import { benchBatchSegments } from './batch/segments.ts';
import { benchThemes } from './batch/themes.ts';
import { benchTwoWorkers } from './batch/two-workers.ts';
import type { BenchOptions, BenchResult } from './result.ts';

type Part = (options: BenchOptions) => Promise<BenchResult[]>;

/** Each is a file of `bench/batch`. */
const parts: readonly Part[] = [
  benchInference,
  benchTwoWorkers,
  benchBatchSegments,
  benchThemes,
  benchExport,
  benchDeletion,
  benchAttribution,
];

/** Batch jobs, exports, deletions and metric attribution: each part against its budget. */
export async function benchBatch(options: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const part of parts) results.push(...(await part(options)));
  return results;
}

import type { Metadata } from '../src/learn/features/column.ts';
import { learnFeatures } from '../src/learn/features/learn-features.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const categoriesARow = 10;

/**
 * Features of rows that each have ten categories of their own, the most that there can be to tell apart. Budget: 30 s.
 */
export async function benchMetadata({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rowCount = quick ? 2000 : 100_000;
  const stopwatch = new Stopwatch();
  const features = await learnFeatures(distinctCategories(rowCount));
  const { seconds, cpuSeconds } = stopwatch.lap();
  const detail = `${rowCount} rows of ${categoriesARow}, ${features?.width ?? 0} features; ${seconds.toFixed(1)} s by the clock`;
  const count = (rowCount * categoriesARow).toLocaleString('en');
  return [{ name: `metadata: ${count} distinct categories`, value: cpuSeconds, unit: 's', limit: 30, detail }];
}

const distinctCategories = (rowCount: number): Metadata => ({
  columns: [{ name: 'TAGS', kind: 'categorical' }],
  rowCount,
  async *rows(every) {
    for (let row = 0; row < rowCount; row += every) {
      yield [Array.from({ length: categoriesARow }, (_, n) => `category-${row}-${n}`).join('|')];
    }
  },
});

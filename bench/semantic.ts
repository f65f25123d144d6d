import { learnSemantic } from '../src/learn/families/semantic/learn.ts';
import { SemanticModel } from '../src/learn/families/semantic/model.ts';
import type { Metadata } from '../src/learn/features/column.ts';
import { emptyHistories } from '../src/learn/histories/histories.ts';
import { uniforms } from '../src/learn/kernels/random.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { resolveParameters } from '../src/learn/recipes/parameters.ts';
import { semanticSimilarity } from '../src/learn/recipes/semantic-similarity.ts';
import { quantile } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { Stopwatch } from './stopwatch.ts';

const size = { items: 1_000_000, words: 50_000, themes: 2000 };
const count = 25;
const budget = { milliseconds: 5 };

/** aws-semantic-similarity: training and answers over many items, one thread. */
export async function benchSemantic({ quick }: BenchOptions): Promise<BenchResult[]> {
  const itemCount = quick ? 20_000 : size.items;
  const watch = new Stopwatch();
  const learned = await learnSemantic({
    histories: emptyHistories(0, 0),
    itemCount,
    itemMetadata: madeUpTexts(itemCount),
    parameters: resolveParameters(semanticSimilarity, {}),
    seed: 0,
    progress: { report: () => {}, signal: new AbortController().signal },
  });
  const { cpuSeconds } = watch.lap();
  const items = Vocabulary.of(Array.from({ length: itemCount }, (_, item) => `item-${item}`));
  const model = new SemanticModel({ learned, items });
  const times = await timeAnswers(model, quick ? 100 : 1000);
  const bytes = model.bytes / itemCount;
  const detail = `${itemCount.toLocaleString('en')} items of 20 words, ${count} results, 1 thread`;
  const memory = `${bytes.toFixed(0)} bytes an item: ${((10_000_000 * bytes) / 1e9).toFixed(1)} GB at 10 million`;
  return [
    {
      name: 'semantic: one answer, p99',
      value: quantile(times, 0.99),
      unit: 'ms',
      limit: budget.milliseconds,
      detail: `${detail}; p50 ${quantile(times, 0.5).toFixed(2)} ms; ${memory}`,
    },
    { name: 'semantic: training, by processor time', value: cpuSeconds, unit: 's', detail },
  ];
}

/** By processor time: other programs that share it count as little as they can. */
async function timeAnswers(model: SemanticModel, requests: number): Promise<number[]> {
  const times: number[] = [];
  for (let n = -20; n < requests; n++) {
    const watch = new Stopwatch();
    await model.recommend({ item: ((n + 20) * 7919) % model.items.size, count });
    if (n >= 0) times.push(1000 * watch.lap().cpuSeconds);
  }
  return times;
}

/** A name of five words and a text of fifteen, most of them of one theme, the same for each reading. */
function madeUpTexts(rowCount: number): Metadata {
  return {
    columns: [
      { name: 'NAME', kind: 'textual' },
      { name: 'TEXT', kind: 'textual' },
    ],
    rowCount,
    async *rows(every) {
      for (let row = 0; row < rowCount; row += every) {
        const random = uniforms(row);
        const theme = row % size.themes;
        const word = () =>
          random() < 0.6
            ? `theme${(theme * 40 + Math.floor(40 * random())) % size.words}`
            : `word${Math.floor(size.words * random() ** 3)}`;
        yield [Array.from({ length: 5 }, word).join(' '), Array.from({ length: 15 }, word).join(' ')];
      }
    },
  };
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import { openTransformer } from '../src/learn/families/transformer/model.ts';
import type { Model } from '../src/learn/model/model.ts';
import { byIds } from '../src/learn/model/model-by-ids.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { madeUpTransformer } from './made-up-transformer.ts';
import { median } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const [users, history, count] = [16, 50, 5];
const catalogues = [27_000, 300_000];

/**
 * What an explanation of aws-user-personalization-v2 takes beside the answers that it asks the model for, and how long
 * another request may wait for it on the same thread.
 */
export async function benchExplanation({ quick }: BenchOptions): Promise<BenchResult[]> {
  const results: BenchResult[] = [];
  for (const items of quick ? [2000] : catalogues) results.push(...(await explaining(items, quick ? 2 : 10)));
  return results;
}

async function explaining(items: number, rounds: number): Promise<BenchResult[]> {
  const learned = await madeUpTransformer({ items, users, history });
  const ids = (name: string, size: number) => Vocabulary.of(Array.from({ length: size }, (_, n) => `${name}-${n}`));
  const model = byIds(await openTransformer({ learned, items: ids('item', items), users: ids('user', users) }));
  const [answers, explanations, blocks]: [number[], number[], number[]] = [[], [], []];
  for (let round = 0; round <= rounds; round++) {
    const answer = await answerOf(model, round);
    const explanation = await explanationOf(model, round, answer.list);
    if (round === 0) continue; // the first is slower
    answers.push(answer.milliseconds);
    explanations.push(explanation.milliseconds);
    blocks.push(explanation.longestBlock);
  }
  const [plain, explained, block] = [answers, explanations, blocks].map(median);
  const detail = `${items.toLocaleString('en')} items, history ${history}; an answer takes ${plain?.toFixed(2)} ms`;
  return [
    {
      name: `explanation: ${items.toLocaleString('en')} items, beside ${history + 1} answers`,
      value: explained ?? Number.NaN,
      unit: 'ms',
      ratio: (explained ?? Number.NaN) / ((history + 1) * (plain ?? Number.NaN)),
      limit: 2,
      detail,
    },
    {
      name: `explanation: ${items.toLocaleString('en')} items, longest without another request`,
      value: block ?? Number.NaN,
      unit: 'ms',
      limit: 10,
      detail,
    },
  ];
}

async function answerOf(model: Model, round: number) {
  const began = performance.now();
  const list = await model.recommend({ userId: `user-${round % users}`, count });
  return { list: list.items, milliseconds: performance.now() - began };
}

/** `longestBlock` is the longest that the event loop computed without getting to anything else. */
async function explanationOf(model: Model, round: number, list: readonly string[]) {
  const began = performance.now();
  const watch = { isOver: false, longestBlock: 0 };
  const watching = watchLoop(watch);
  await model.explain({ userId: `user-${round % users}`, items: list.map((id) => ({ id })) });
  const milliseconds = performance.now() - began;
  watch.isOver = true;
  await watching;
  return { milliseconds, longestBlock: watch.longestBlock };
}

async function watchLoop(watch: { isOver: boolean; longestBlock: number }): Promise<void> {
  for (let last = threadMs(); !watch.isOver; ) {
    await nextTurn();
    const now = threadMs();
    watch.longestBlock = Math.max(watch.longestBlock, now - last);
    last = now;
  }
}

/** Milliseconds in which this thread computed: of others the machine may be full. */
function threadMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

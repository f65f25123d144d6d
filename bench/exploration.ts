import { setTimeout as sleep } from 'node:timers/promises';
import { openDatabase } from '../src/data/database/database.ts';
import { Impressions } from '../src/data/records/impressions.ts';
import { openTransformer } from '../src/learn/families/transformer/model.ts';
import { normals } from '../src/learn/kernels/random.ts';
import { byIds } from '../src/learn/model/model-by-ids.ts';
import { Vocabulary } from '../src/learn/model/vocabulary.ts';
import { Candidates } from '../src/serve/exploration/candidates.ts';
import { type Exploration, Explorer } from '../src/serve/exploration/explorer.ts';
import { madeUpTransformer } from './made-up-transformer.ts';
import { median, quantile } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const size = { items: 27_000, users: 1024, history: 50 };
const candidateCount = 2000;
const count = 25;
const budget = { microseconds: 100 };

/**
 * What exploration adds to a recommendation of aws-user-personalization-v2 on its scoring thread, and what it takes to
 * remember the answer.
 */
export async function benchExploration({ quick }: BenchOptions): Promise<BenchResult[]> {
  const learned = await madeUpTransformer(size);
  const items = Vocabulary.of(Array.from({ length: size.items }, (_, item) => `item-${item}`));
  const users = Vocabulary.of(Array.from({ length: size.users }, (_, user) => `user-${user}`));
  const model = byIds(await openTransformer({ learned, items, users }));
  const candidates = new Candidates();
  for (let n = 0; n < candidateCount; n++) candidates.add({ id: `item-${size.items - 1 - n}`, createdAt: n });
  const explorer = new Explorer(model, candidates.posterior, Math.random);
  explorer.add(candidates.items);

  const requests = quick ? 100 : 3000;
  const kinds: { readonly name: string; readonly exploration?: Exploration; readonly limit?: number }[] = [
    { name: 'none' },
    { name: 'weight 0.3', exploration: { rate: 0.09, withChoices: false }, limit: budget.microseconds },
    { name: 'weight 1', exploration: { rate: 1, withChoices: false }, limit: budget.microseconds },
    { name: 'weight 0.3, with propensities', exploration: { rate: 0.09, withChoices: true } },
  ];
  const times = kinds.map((): number[] => []);
  // In turns, so that whatever else the machine does weighs on all alike.
  for (let n = 0; n < requests; n++) {
    for (let turn = 0; turn < kinds.length; turn++) {
      const kind = (n + turn) % kinds.length;
      const { exploration } = kinds[kind] ?? {};
      const query = { userId: `user-${n % size.users}`, count };
      const began = performance.now();
      await (exploration ? explorer.recommend(query, exploration) : model.recommend(query));
      if (n >= requests / 10) times[kind]?.push(1000 * (performance.now() - began));
    }
  }
  const plain = median(times[0] ?? []);
  const detail = `${size.items} items, ${candidateCount} candidates, ${count} results; without exploration ${plain.toFixed(0)} µs`;
  return [
    ...kinds.slice(1).map(({ name, limit }, n) => {
      const own = times[n + 1] ?? [];
      const more = (share: number) => (quantile(own, share) - quantile(times[0] ?? [], share)).toFixed(0);
      return {
        name: `exploration: ${name}, beyond the model, p50`,
        value: median(own) - plain,
        unit: 'µs',
        ...(limit !== undefined && { limit }),
        detail: `${detail}; p10 ${more(0.1)} µs more, p90 ${more(0.9)}`,
      };
    }),
    await benchImpressions(quick ? 1000 : 20_000),
  ];
}

/** Event-loop time of an answer, its share of the writing included. */
async function benchImpressions(answers: number): Promise<BenchResult> {
  const { database, close } = await openDatabase({ file: ':memory:' });
  const log = { warn: (_: object, message: string) => console.error(message) };
  const lists = new Impressions({ database, clock: { now: () => Date.now() }, log, keepMs: 86_400_000 });
  const normal = normals(3000, 1);
  const shown = Array.from({ length: answers }, () =>
    Array.from({ length: count }, () => `item-${Math.abs(Math.round(normal()))}`),
  );
  await sleep(10);
  const began = performance.now();
  for (const list of shown) lists.remember(list, 'arn:aws:personalize:eu-west-1:123456789012:campaign/films');
  const milliseconds = performance.now() - began;
  await lists.stop();
  const rows = await database.selectFrom('impressions').select('body').execute();
  const bytes = rows.reduce((sum, { body }) => sum + body.length, 0) / answers;
  await close();
  return {
    name: 'exploration: remembering what an answer showed',
    value: (1000 * milliseconds) / answers,
    unit: 'µs',
    limit: 20,
    detail: `${count} items an answer, ${answers} answers; ${bytes.toFixed(0)} bytes each in the database, for a day`,
  };
}

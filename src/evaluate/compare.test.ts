import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { plantedInteractions, temporaryFolder, unwatched } from '../learn/training/training.fixture.ts';
import { type Comparison, compare, type EvaluationRequest, type Journal } from './compare.ts';

const silent: Journal = { step: async (_, work) => await work(unwatched) };

/** Compares on the clusters of the training fixture, in which popularity knows nothing and neighbours know much. */
async function compareOnClusters(
  request: Partial<EvaluationRequest>,
  journal = silent,
  typeOf?: (n: number) => string,
): Promise<Comparison> {
  await using folder = await temporaryFolder();
  const dataset = join(folder.path, 'clusters.csv');
  const rows = plantedInteractions().map((row, n) => [...row, ...(typeOf ? [typeOf(n)] : [])].join(','));
  await writeFile(dataset, `USER_ID,ITEM_ID,TIMESTAMP${typeOf ? ',EVENT_TYPE' : ''}\n${rows.join('\n')}\n`);
  const whole = { dataset, protocol: 'leave-one-out', k: [10], seeds: 1, recipes: [], ...request };
  return await compare(whole, join(folder.path, 'work'), journal);
}

const metricOf = ({ candidates }: Comparison, name: string, metric: string) => {
  const candidate = candidates.find((one) => one.name === name);
  return candidate && 'runs' in candidate ? candidate.runs.map((run) => run.measurements.user?.metrics[metric]) : [];
};

describe('compare', () => {
  it('has recipes of use cases learn from the events that they name, and skips those that have none', async () => {
    const recipes = [
      'aws-ecomm-popular-items-by-purchases',
      'aws-vod-most-popular',
      'aws-ecomm-popular-items-by-views',
    ];
    const typeOf = (n: number) => (n % 10 === 0 ? 'purchase' : 'View');
    const comparison = await compareOnClusters({ recipes, protocol: 'next-period' }, silent, typeOf);
    const found = recipes.map((name) => metricOf(comparison, name, 'ndcg@10'));
    expect(found[0]).not.toEqual(found[2]);
    expect(found[2]).not.toEqual(metricOf(comparison, 'popularity', 'ndcg@10'));
    expect(comparison.candidates[1]).toMatchObject({ skipped: 'it learns from events of type Watch alone' });
  });

  it('asks what is in a basket, beside counts of baskets', async () => {
    const comparison = await compareOnClusters({ recipes: undefined, protocol: 'baskets' });
    expect(comparison.candidates.map(({ name }) => name)).toEqual([
      ...['aws-ecomm-frequently-bought-together', 'best-sellers', 'basket-counts', 'co-occurrence', 'item-knn'],
    ]);
    const [ours = 0] = metricOf(comparison, 'aws-ecomm-frequently-bought-together', 'hr@10');
    const [bestSellers = 0] = metricOf(comparison, 'best-sellers', 'hr@10');
    expect(ours).toBeGreaterThan(2 * bestSellers);
  });

  it('measures recipes and baselines on the same questions, and finds the ones that learn', async () => {
    const steps: string[] = [];
    const journal: Journal = {
      step: async (label, work) => {
        steps.push(label);
        return await work(unwatched);
      },
    };
    const comparison = await compareOnClusters({ recipes: ['aws-user-personalization'] }, journal);
    const names = ['aws-user-personalization', 'popularity', 'item-knn', 'ease', 'markov'];
    expect(comparison.candidates.map(({ name }) => name)).toEqual(names);
    expect(comparison.training).toEqual({ users: 240, items: 72, interactions: 240 * 8 });
    expect(steps).toEqual([
      'Reading interactions',
      ...names.flatMap((name) => [`${name}: training`, `${name}: ranking`]),
    ]);
    const [byChance = 1] = metricOf(comparison, 'popularity', 'hr@10');
    expect(metricOf(comparison, 'aws-user-personalization', 'hr@10')[0]).toBeGreaterThan(byChance + 0.2);
    // A fifth of the newest items are in the input, so that no ranking holds them.
    for (const name of ['item-knn', 'ease', 'markov']) {
      expect(metricOf(comparison, name, 'hr@10')[0]).toBeGreaterThan(0.75);
    }
  });

  it('asks for users, and finds those for an item better than by activity', async () => {
    const comparison = await compareOnClusters({ protocol: 'segments', recipes: ['aws-item-affinity'] });
    expect(comparison.candidates.map(({ name }) => name)).toEqual(['aws-item-affinity', 'activity', 'category']);
    expect(comparison.training).toEqual({ users: 240, items: 72, interactions: 240 * 8 });
    const recallOf = (name: string) => {
      const found = comparison.candidates.find((one) => one.name === name);
      return found && 'runs' in found ? found.runs[0]?.measurements.item?.metrics.recall : undefined;
    };
    expect(recallOf('aws-item-affinity')).toBeGreaterThan(2 * (recallOf('activity') ?? 1));
    expect(comparison.candidates.at(-1)).toMatchObject({
      skipped: expect.stringContaining('name a file with --items'),
    });
  });

  it('asks for items with similar texts, and finds more that have something in common than chance', async () => {
    await using folder = await temporaryFolder();
    const items = join(folder.path, 'items.csv');
    const rows = Array.from({ length: 72 }, (_, n) => `i${n},film ${n} of theme${n % 6},c${n % 6}|all${n}`);
    await writeFile(items, `ITEM_ID,TITLE,KIND\n${rows.join('\n')}\n`);
    const recipes = ['aws-semantic-similarity', 'aws-sims'];
    const comparison = await compareOnClusters({ protocol: 'similar-texts', items, recipes, k: [5] });
    expect(comparison.candidates.map(({ name }) => name)).toEqual([...recipes, 'tf-idf', 'chance']);
    const metric = (name: string, of: string) => {
      const found = comparison.candidates.find((one) => one.name === name);
      return found && 'runs' in found ? found.runs[0]?.measurements.text?.metrics[of] : undefined;
    };
    expect(metric('aws-semantic-similarity', 'category@5')).toBe(1);
    expect(metric('tf-idf', 'category@5')).toBe(1);
    expect(metric('chance', 'category@5')).toBeLessThan(0.5);
    expect(metric('aws-sims', 'coWatched@5')).toBeGreaterThan(metric('chance', 'coWatched@5') ?? 5);
    await expect(compareOnClusters({ protocol: 'similar-texts' })).rejects.toThrow('needs metadata of the items');
  });

  it('trains a recipe once for each seed, and what has no seed once', async () => {
    const comparison = await compareOnClusters({ recipes: ['aws-user-personalization'], seeds: 2 });
    const [first, second, ...others] = metricOf(comparison, 'aws-user-personalization', 'mrr@10');
    expect(others).toEqual([]);
    expect(first).not.toBe(second);
    expect(metricOf(comparison, 'popularity', 'mrr@10')).toHaveLength(1);
  });

  it('asks the questions of another tenth of users for each seed of the service’s protocol', async () => {
    const comparison = await compareOnClusters({ protocol: 'service', seeds: 2 });
    const [first, second] = metricOf(comparison, 'popularity', 'mrr@10');
    expect(first).not.toBe(second);
  });

  it.each([
    [{ protocol: 'guess' }, 'There is no protocol guess; there are leave-one-out, temporal,'],
    [{ protocol: 'given-split' }, 'The protocol given-split needs a test file: name it with --test.'],
    [{ test: 'x.csv' }, 'The protocol leave-one-out divides the dataset itself: leave --test out.'],
    [{ recipes: ['aws-magic'] }, 'There is no recipe aws-magic; there are '],
    [{ recipes: ['aws-item-affinity'] }, 'The protocol does not suit the recipe aws-item-affinity; it suits '],
    [
      { protocol: 'segments', recipes: ['aws-sims'] },
      'The protocol does not suit the recipe aws-sims; it suits aws-item',
    ],
    [{ dataset: 'nowhere.csv' }, 'There is no file nowhere.csv.'],
    [{ provider: 'abacus' }, 'There is no execution provider abacus;'],
  ])('refuses %o', async (request, sentence) => {
    await expect(compareOnClusters(request)).rejects.toMatchObject({
      name: 'EvaluationError',
      message: expect.stringContaining(sentence),
    });
  });

  it('says that nothing can be asked of histories that are too short', async () => {
    await using folder = await temporaryFolder();
    const dataset = join(folder.path, 'short.csv');
    await writeFile(dataset, 'USER_ID,ITEM_ID,TIMESTAMP\nu,a,1\nu,b,2\n');
    const request = { dataset, protocol: 'leave-one-out', k: [10], seeds: 1 };
    await expect(compare(request, folder.path, silent)).rejects.toThrow(
      'the protocol leave-one-out holds out no interaction.',
    );
  });
});

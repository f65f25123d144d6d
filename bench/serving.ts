import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openModel } from '../src/learn/model/open-model.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import type { Load, LoadReport } from './serving/load.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { type Catalogue, deployCatalogue, userIdOf } from './serving/prepared-home.ts';
import { startServerProcess } from './serving/server-process.ts';

const full: Catalogue = { items: 27_000, users: 10_000, interactions: 300_000 };
const quick: Catalogue = { items: 27_000, users: 2_000, interactions: 60_000 };
const numResults = 25;

/**
 * GetRecommendations from end to end: a server in its own process, its campaign trained through its own API, load from
 * a second process on the same machine. Budgets: at 1,000 requests/s p99 within 10 ms; beyond the model 200 µs a
 * request; listening within 2 s of the start on a home that exists.
 */
export async function benchServing({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const catalogue = isQuick ? quick : full;
  const seconds = isQuick ? 3 : 15;
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const first = await startServerProcess(['--home', home]);
    const campaigns = await deployCatalogue(first.url, home, catalogue).finally(() => first.stop());

    const server = await startServerProcess(['--home', home]);
    try {
      const userIds = Array.from({ length: 1000 }, (_, n) => userIdOf((n * 7919) % catalogue.users));
      const measure = (campaignArn: string, load: Load) =>
        loadFromAnotherProcess({
          url: server.url,
          load,
          seconds,
          requests: userIds.map((userId) => ({ path: '/recommendations', input: { campaignArn, userId, numResults } })),
        });
      const popular = await measure(campaigns.popular, { callers: 1 });
      const popularModelMs = await medianModelMs(home, 'aws-popularity-count', userIds);
      const alone = await measure(campaigns.personal, { callers: 1 });
      const modelMs = await medianModelMs(home, 'aws-user-personalization', userIds);
      const together = await measure(campaigns.personal, { callers: 16 });
      const steady = await measure(campaigns.personal, { perSecond: 1000, connections: 64 });
      return [
        {
          name: 'serving: start to listening on an existing home',
          value: server.listeningAfterMs / 1000,
          unit: 's',
          limit: 2,
        },
        { name: 'serving: the model alone, p50', value: modelMs, unit: 'ms', detail: describe(catalogue) },
        {
          name: 'serving: beyond the model',
          value: (popular.p50 - popularModelMs) * 1000,
          unit: 'µs',
          limit: 200,
          detail:
            'p50 of one caller of aws-popularity-count, whose model takes next to nothing, less that of its model; client and connection included',
        },
        ...ofLoad('one caller', alone),
        ...ofLoad('16 callers', together),
        ...ofLoad('1,000 requests/s', steady, 10),
      ];
    } finally {
      await server.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function ofLoad(load: string, { requests, seconds, p50, p99, max }: LoadReport, p99Limit?: number): BenchResult[] {
  const detail = `${requests} requests, slowest ${max.toFixed(1)} ms`;
  return [
    { name: `serving: ${load}, throughput`, value: requests / seconds, unit: 'requests/s', detail },
    { name: `serving: ${load}, p50`, value: p50, unit: 'ms' },
    { name: `serving: ${load}, p99`, value: p99, unit: 'ms', ...(p99Limit === undefined ? {} : { limit: p99Limit }) },
  ];
}

/** What one answer of a recipe's model takes without a server around it. */
async function medianModelMs(home: string, recipe: string, userIds: readonly string[]): Promise<number> {
  const model = await openModel(await modelFolder(join(home, 'store'), recipe));
  for (const userId of userIds) await model.recommend({ userId, count: numResults });
  const times: number[] = [];
  for (const userId of userIds) {
    const began = performance.now();
    await model.recommend({ userId, count: numResults });
    times.push(performance.now() - began);
  }
  return times.sort((a, b) => a - b)[times.length >> 1] ?? 0;
}

async function modelFolder(store: string, recipe: string): Promise<string> {
  for (const path of await readdir(store, { recursive: true })) {
    if (!path.endsWith('model.json')) continue;
    const description: { readonly recipe: string } = JSON.parse(await readFile(join(store, path), 'utf8'));
    if (description.recipe === recipe) return dirname(join(store, path));
  }
  throw new Error(`There is no model of ${recipe} below ${store}.`);
}

const describe = ({ items, users, interactions }: Catalogue) =>
  `aws-user-personalization with its defaults, ${items} items, ${users} users, ${interactions} interactions`;

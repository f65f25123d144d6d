import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type OpenShop, openShop, type Shop, userIdOf, valuesOf } from './filters/shop.ts';
import { median } from './median.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import type { Load, LoadReport } from './serving/load.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { startServerProcess } from './serving/server-process.ts';

const numResults = 25;
type Question = 'unfiltered' | 'rules' | 'rare';

/**
 * Filtered requests from end to end: a server in its own process, load from a second one, filtered and unfiltered load
 * in turn. A million items have a model that costs next to nothing (aws-popularity-count), so that the filter is seen;
 * 27,000 items have aws-user-personalization, for the rate.
 */
export async function benchFilteredRequests({ quick }: BenchOptions): Promise<BenchResult[]> {
  const rounds = quick ? 1 : 5;
  const seconds = quick ? 1 : 4;
  const large: Shop = { items: quick ? 50_000 : 1_000_000, users: 2000, history: 50, recipe: 'aws-popularity-count' };
  const small: Shop = { items: 27_000, users: 2000, history: 50, recipe: 'aws-user-personalization' };
  return [
    ...(await inShop(large, (measure) => costs(large, measure, rounds, seconds))),
    ...(await inShop(small, (measure) => rates(small, measure, rounds, seconds))),
  ];
}

type Measure = (question: Question, load: Load, seconds: number) => Promise<LoadReport>;

async function inShop<T>(shop: Shop, work: (measure: Measure) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  const server = await startServerProcess(['--home', home]);
  try {
    const open = await openShop(server.url, home, shop);
    return await work((question, load, seconds) =>
      loadFromAnotherProcess({ url: server.url, load, seconds, requests: requestsOf(shop, open, question) }),
    );
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

function requestsOf(shop: Shop, { campaignArn, filters }: OpenShop, question: Question) {
  return Array.from({ length: 1000 }, (_, n) => {
    const userId = userIdOf((n * 7919) % shop.users);
    const asked = { campaignArn, userId, numResults };
    const filtered = question === 'unfiltered' ? {} : { filterArn: filters[question] };
    return {
      path: '/recommendations',
      input: { ...asked, ...filtered, ...(question === 'rules' && { filterValues: valuesOf(n) }) },
    };
  });
}

async function costs(shop: Shop, measure: Measure, rounds: number, seconds: number): Promise<BenchResult[]> {
  const one = { callers: 1 };
  // What the views need is read for the first request.
  for (const question of ['rules', 'rare'] as const) await measure(question, one, 1);
  const found: Record<Question, LoadReport[]> = { unfiltered: [], rules: [], rare: [] };
  for (let round = 0; round < rounds; round++) {
    for (const question of ['unfiltered', 'rules', 'rare'] as const) {
      found[question].push(await measure(question, one, seconds));
    }
  }
  const of = (question: Question, quantile: 'p50' | 'p99') => median(found[question].map((report) => report[quantile]));
  const detail = `${shop.items.toLocaleString('en')} items of ${shop.recipe}, history ${shop.history}, one caller, median of ${rounds} rounds`;
  const extra = (quantile: 'p50' | 'p99') => of('rules', quantile) - of('unfiltered', quantile);
  return [
    { name: 'filtered requests: unfiltered, p50', value: of('unfiltered', 'p50'), unit: 'ms', detail },
    {
      name: 'filtered requests: three predicates and what was bought, more at p50',
      value: extra('p50'),
      unit: 'ms',
      limit: 1,
    },
    { name: 'filtered requests: the same at p99', value: extra('p99'), unit: 'ms', limit: 3 },
    { name: 'filtered requests: one item in 10,000 passes, p50', value: of('rare', 'p50'), unit: 'ms', limit: 5 },
    { name: 'filtered requests: the same, p99', value: of('rare', 'p99'), unit: 'ms' },
  ];
}

async function rates(shop: Shop, measure: Measure, rounds: number, seconds: number): Promise<BenchResult[]> {
  const many = { callers: 16 };
  await measure('rules', many, 1);
  const shares: number[] = [];
  const plain: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [unfiltered, filtered] = [await measure('unfiltered', many, seconds), await measure('rules', many, seconds)];
    plain.push(unfiltered.requests / unfiltered.seconds);
    shares.push(filtered.requests / filtered.seconds / (unfiltered.requests / unfiltered.seconds));
  }
  const detail = `${shop.items.toLocaleString('en')} items of ${shop.recipe}, 16 callers; unfiltered ${Math.round(median(plain))} requests/s`;
  return [
    { name: 'filtered requests: rate beside unfiltered', value: median(shares), unit: 'of 1', least: 0.8, detail },
  ];
}

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deployShop, type Shop, shopperOf } from './actions/deployed-shop.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import type { Load, LoadReport } from './serving/load.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { startServerProcess } from './serving/server-process.ts';

const full: Shop = { users: 10_000, items: 1000, actions: 1000, interactions: 100_000, exposures: 150_000 };
const quick: Shop = { users: 500, items: 100, actions: 20, interactions: 2000, exposures: 3000 };

/**
 * GetActionRecommendations from end to end with 1,000 actions that all have scores: p99 within 5 ms; how long the model
 * trains; and what the view holds of each user. The server is started again on its home before it is asked.
 */
export async function benchActions({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const shop = isQuick ? quick : full;
  const seconds = isQuick ? 3 : 15;
  const home = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  try {
    const first = await startServerProcess(['--home', home]);
    const { campaignArn, trainingSeconds } = await deployShop(first.url, home, shop).finally(() => first.stop());
    const server = await startServerProcess(['--home', home]);
    try {
      const requests = Array.from({ length: 1000 }, (_, n) => ({
        path: '/action-recommendations',
        input: { campaignArn, userId: shopperOf((n * 7919) % shop.users) },
      }));
      await untilRead(server.url, requests[0]?.input);
      const measure = (load: Load) => loadFromAnotherProcess({ url: server.url, load, seconds, requests });
      const alone = await measure({ callers: 1 });
      const steady = await measure({ perSecond: 100, connections: 16 });
      const bytes = await viewBytes(server.url);
      const detail = `${shop.actions.toLocaleString('en')} actions, ${shop.users.toLocaleString('en')} users, ${(2 * shop.exposures).toLocaleString('en')} action interactions`;
      return [
        { name: 'actions: training, with reading and writing', value: trainingSeconds, unit: 's', detail },
        ...ofLoad('one caller', alone),
        ...ofLoad('100 requests/s', steady, 5),
        { name: 'actions: bytes of the view a user', value: bytes / shop.users, unit: 'bytes', detail },
      ];
    } finally {
      await server.stop();
    }
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

function ofLoad(load: string, { requests, p50, p99, max }: LoadReport, limit?: number): BenchResult[] {
  const detail = `${requests} requests, slowest ${max.toFixed(1)} ms`;
  return [
    { name: `actions: ${load}, p50`, value: p50, unit: 'ms', detail },
    { name: `actions: ${load}, p99`, value: p99, unit: 'ms', ...(limit !== undefined && { limit }) },
  ];
}

/** Until the view before the model has been read, requests are answered with 503. */
async function untilRead(url: string, input: unknown): Promise<void> {
  for (let attempt = 0; attempt < 60; attempt++) {
    const answer = await fetch(`${url}/action-recommendations`, { method: 'POST', body: JSON.stringify(input) });
    await answer.text();
    if (answer.ok) return;
    await sleep(1000);
  }
}

/** What the server's metrics say of views before models. */
async function viewBytes(url: string): Promise<number> {
  const page = await (await fetch(`${url}/metrics`)).text();
  const line = page.split('\n').find((one) => one.includes('view="live-answers"'));
  return Number(line?.split(' ').at(-1) ?? Number.NaN);
}

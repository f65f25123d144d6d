import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../median.ts';
import type { BenchOptions, BenchResult } from '../result.ts';
import type { Call } from '../serving/load.ts';
import { loadFromAnotherProcess } from '../serving/load-process.ts';
import { deployCatalogue, userIdOf } from '../serving/prepared-home.ts';
import { type ServerProcess, startServerProcess } from '../serving/server-process.ts';

const settings = ['off', 'on', 'all'] as const;

/** What the audit trail leaves of the rate of GetRecommendations: servers on homes that are alike, asked in turn. */
export async function benchAudit({ quick }: BenchOptions): Promise<BenchResult[]> {
  const [seconds, rounds] = quick ? [1, 1] : [4, 7];
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-bench-'));
  const servers: ServerProcess[] = [];
  try {
    const home = join(folder, 'home');
    const first = await startServerProcess(['--home', home]);
    const catalogue = { items: 2_000, users: 2_000, interactions: 60_000 };
    const { popular } = await deployCatalogue(first.url, home, catalogue).finally(() => first.stop());
    for (const audit of settings) {
      await cp(home, join(folder, audit), { recursive: true });
      servers.push(await startServerProcess(['--home', join(folder, audit), '--audit', audit]));
    }
    const requests = Array.from(
      { length: 1000 },
      (_, n): Call => ({
        path: '/recommendations',
        input: { campaignArn: popular, userId: userIdOf(n), numResults: 25 },
      }),
    );
    const rates: number[][] = [];
    for (let round = 0; round < rounds; round++) {
      const inRound: number[] = [];
      for (const { url } of servers) {
        const report = await loadFromAnotherProcess({ url, requests, load: { callers: 16 }, seconds });
        inRound.push(report.requests / report.seconds);
      }
      rates.push(inRound);
    }
    const detail = `aws-popularity-count, 16 callers, medians of ${rounds} rounds of ${seconds} s in turn`;
    return settings.map((audit, index) => ({
      name: `access: GetRecommendations, audit ${audit}`,
      value: median(rates.map((inRound) => inRound[index] ?? 0)),
      unit: 'requests/s',
      detail,
      ...(audit !== 'off' && {
        ratio: median(rates.map((inRound) => (inRound[index] ?? 0) / (inRound[0] ?? 0))),
        least: 0.95,
      }),
    }));
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from './median.ts';
import { processorTime } from './processes/processor-time.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { loadFromAnotherProcess } from './serving/load-process.ts';
import { type Catalogue, deployCatalogue, userIdOf } from './serving/prepared-home.ts';
import { type ServerProcess, startServerProcess } from './serving/server-process.ts';

const full: Catalogue = { items: 27_000, users: 10_000, interactions: 300_000 };
const quick: Catalogue = { items: 2_000, users: 500, interactions: 10_000 };
const callersAProcess = 16;
/** The machine that the numbers are of. */
const cores = 2;

/** What a load has cost: seconds of processor time for a request. */
type Cost = { readonly all: number; readonly mainThread: number; readonly perSecond: number };

/**
 * GetRecommendations of a server of one process and of one of two, which take turns, with as many callers for each
 * process. The load generator needs processor time on the same cores, and so may others on the machine. So throughput
 * is what cores give that do nothing else, by the processor time that all threads of the server use for a request. One
 * process uses two cores, for its main thread and for scoring, until either is busy all the time.
 */
export async function benchProcesses({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const seconds = isQuick ? 4 : 8;
  const rounds = isQuick ? 3 : 7;
  const folder = await mkdtemp(join(tmpdir(), 'processes-'));
  const homes = [1, 2].map((processes) => join(folder, `of-${processes}`));
  const servers: ServerProcess[] = [];
  try {
    const first = await startServerProcess(['--home', homes[0] ?? '']);
    const campaigns = await deployCatalogue(first.url, homes[0] ?? '', isQuick ? quick : full).finally(() =>
      first.stop(),
    );
    await cp(homes[0] ?? '', homes[1] ?? '', { recursive: true });
    for (const [index, home] of homes.entries()) {
      servers.push(await startServerProcess(['--home', home, '--processes', String(index + 1)]));
    }
    const results: BenchResult[] = [];
    for (const [name, campaignArn] of Object.entries(campaigns)) {
      const costs: Cost[][] = servers.map(() => []);
      for (let round = 0; round < rounds; round++) {
        for (const [index, server] of servers.entries())
          costs[index]?.push(await costOf(server, campaignArn, { seconds, callers: callersAProcess * (index + 1) }));
      }
      results.push(
        ...compared(
          name,
          costs,
          `medians of ${rounds} rounds of ${seconds} s in turn, ${callersAProcess} callers a process`,
        ),
      );
    }
    return results;
  } finally {
    for (const server of servers) await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Plan = { readonly seconds: number; readonly callers: number };

async function costOf({ url, pid }: ServerProcess, campaignArn: string, { seconds, callers }: Plan): Promise<Cost> {
  const requests = Array.from({ length: 1000 }, (_, n) => ({
    path: '/recommendations',
    input: { campaignArn, userId: userIdOf(n), numResults: 25 },
  }));
  const load = { url, requests, load: { callers } };
  // Models are opened on all processes, and code is compiled.
  await loadFromAnotherProcess({ ...load, seconds: seconds / 2 });
  const before = await processorTime(pid);
  const report = await loadFromAnotherProcess({ ...load, seconds });
  const after = await processorTime(pid);
  // A fifth comes before, as a warm-up, and costs as much.
  const answered = report.requests * 1.2;
  return {
    all: (after.all - before.all) / answered,
    mainThread: (after.mainThread - before.mainThread) / answered,
    perSecond: report.requests / report.seconds,
  };
}

function compared(name: string, [one = [], two = []]: readonly (readonly Cost[])[], how: string): BenchResult[] {
  const microseconds = (costs: readonly Cost[], of: (cost: Cost) => number) => (median(costs.map(of)) * 1e6).toFixed(0);
  const clock = (costs: readonly Cost[]) => median(costs.map(({ perSecond }) => perSecond)).toFixed(0);
  const all = ({ all }: Cost) => all;
  const onOneCore = (cost: Cost) => 1 / cost.all;
  const onTwoCores = (cost: Cost) => Math.min(1 / cost.mainThread, cores / cost.all);
  const beside = (costs: readonly Cost[], of: (cost: Cost) => number) =>
    median(costs.map((cost, round) => of(cost) / onOneCore(one[round] ?? cost)));
  const rate = (costs: readonly Cost[], of: (cost: Cost) => number) => ({
    value: median(costs.map(of)),
    unit: 'requests/s',
  });
  return [
    {
      name: `processes: ${name}, one on one core`,
      ...rate(one, onOneCore),
      detail: `${how}; ${microseconds(one, all)} µs a request, ${microseconds(one, (cost) => cost.mainThread)} of them in the main thread; by the clock, beside the load generator, ${clock(one)} requests/s`,
    },
    { name: `processes: ${name}, one on two cores`, ...rate(one, onTwoCores), ratio: beside(one, onTwoCores) },
    {
      name: `processes: ${name}, two on two cores`,
      ...rate(two, (cost) => cores / cost.all),
      ratio: beside(two, (cost) => cores / cost.all),
      ...(name === 'popular' && { least: 1.6 }),
      detail: `${microseconds(two, all)} µs a request; by the clock ${clock(two)} requests/s`,
    },
  ];
}

import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServerProcess } from '../serving/server-process.ts';
import { type Arm, arms } from './arms.ts';
import { keepLog } from './log.ts';
import { oracle } from './oracle.ts';
import { goodNewItems, type Outcome, outcomeOf } from './outcome.ts';
import { prepareHome } from './prepared-home.ts';
import type { Recommender } from './recommender.ts';
import { served } from './served.ts';
import { signalOf } from './signal.ts';
import { simulate } from './simulation.ts';
import { World, type WorldSize } from './world.ts';

/** What came of each arm, a world after the other, and of knowing everything. */
export type Experiment = {
  readonly oracle: readonly Outcome[];
  readonly arms: readonly { readonly arm: Arm; readonly outcomes: readonly Outcome[] }[];
};

/**
 * Runs all arms in the same worlds, one a seed. In each, all begin with the very same home, and so with the same
 * models.
 */
export async function experiment(size: WorldSize, seeds: readonly number[]): Promise<Experiment> {
  const worlds: Run[] = [];
  for (const seed of seeds) worlds.push(await runWorld(new World(seed, size)));
  return {
    oracle: worlds.map((world) => world.oracle),
    arms: arms.map((arm, n) => ({ arm, outcomes: worlds.flatMap((world) => world.arms[n] ?? []) })),
  };
}

/** What came of one world; arms in their order. */
type Run = { readonly oracle: Outcome; readonly arms: readonly Outcome[] };

async function runWorld(world: World): Promise<Run> {
  const log = keepLog(world);
  const good = goodNewItems(world);
  const run = async (recommender: Recommender) => outcomeOf(world, await simulate(world, recommender), good);
  const folder = await mkdtemp(join(tmpdir(), 'openpersonalize-simulator-'));
  try {
    const base = join(folder, 'base');
    const { easeOverPopularity, markovOverPopularity } = await signalOf(world, log);
    process.stderr.write(
      `World ${world.seed}: ${log.length} interactions, ${good.size} good new items. Of the NDCG@25 of popularity, EASE has ${easeOverPopularity.toFixed(2)} times as much, a Markov chain ${markovOverPopularity.toFixed(2)} times.\n`,
    );
    const prepared = await prepareHome(base, world, log);
    const outcomes: Outcome[] = [];
    for (const arm of arms) {
      const home = join(folder, 'arm');
      await cp(base, home, { recursive: true });
      const server = await startServerProcess(['--home', home]);
      try {
        const outcome = await run(await served({ world, prepared, url: server.url, arm }));
        process.stderr.write(`  ${arm.name}: ${(100 * outcome.clickThrough).toFixed(2)} %\n`);
        outcomes.push(outcome);
      } finally {
        await server.stop();
        await rm(home, { recursive: true });
      }
    }
    return { oracle: await run(oracle(world)), arms: outcomes };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

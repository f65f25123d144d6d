import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findChromium } from '../test/support/chromium.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { type Estimate, estimate } from './simulator/estimate.ts';
import { type Experiment, experiment } from './simulator/experiment.ts';
import type { Outcome } from './simulator/outcome.ts';
import { pictureOf } from './simulator/pictures.ts';
import { writePng } from './simulator/png.ts';
import { fullSize, type WorldSize } from './simulator/world.ts';

const quick: WorldSize = { users: 50, items: 200, newItemsADay: 3, logDays: 60, days: 2 };

/**
 * What real time and exploration are worth in a made-up world whose users' tastes drift and whose catalogue grows
 * (docs/simulation.md): a server in its own process, used through the public API. Budget: real time is no worse than
 * none.
 */
export async function benchSimulator({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const ran = await (isQuick ? experiment(quick, [1]) : experiment(fullSize, [1, 2, 3]));
  await draw(
    ran,
    isQuick ? join(tmpdir(), 'simulator.png') : join(import.meta.dirname, '../docs/images/simulator.png'),
  );
  const baselines = new Map(ran.arms.toReversed().map(({ arm, outcomes }) => [arm.recipe, outcomes]));
  return [
    ...ran.arms.map(({ arm, outcomes }): BenchResult => {
      const baseline = baselines.get(arm.recipe) ?? [];
      const row = { name: `simulator: ${arm.name}`, ...clickThrough(outcomes), detail: describe(outcomes) };
      if (baseline === outcomes) return row;
      const gain = estimate(outcomes.map((each, n) => each.clickThrough - (baseline[n]?.clickThrough ?? 0)));
      return {
        ...row,
        ratio: row.value / clickThrough(baseline).value,
        ...(arm.name.endsWith('real time') && { least: 1 }),
        detail: `${row.detail}; ${percent(gain)} more taken than with events at night`,
      };
    }),
    { name: 'simulator: oracle', ...clickThrough(ran.oracle), detail: describe(ran.oracle) },
  ];
}

const clickThrough = (outcomes: readonly Outcome[]) => ({
  value: 100 * estimate(outcomes.map((each) => each.clickThrough)).mean,
  unit: '% taken',
});

function describe(outcomes: readonly Outcome[]): string {
  const of = (quantity: (outcome: Outcome) => number) => estimate(outcomes.map(quantity));
  const found = of((each) => each.found);
  const impressions = of((each) => each.impressionsUntilFound);
  const days = of((each) => each.daysUntilFound);
  return [
    `± ${points(of((each) => each.clickThrough).error)}`,
    `good new items are ${percent(of((each) => each.goodNew))} of what is shown`,
    ...(Number.isNaN(found.mean) ? [] : [`${percent(found)} of them are found`]),
    ...(Number.isNaN(days.mean)
      ? []
      : [`on day ${days.mean.toFixed(1)} after ${impressions.mean.toFixed(0)} impressions`]),
  ].join('; ');
}

const points = (share: number) => (100 * share).toFixed(2);
const percent = ({ mean, error }: Estimate) => `${points(mean)} ± ${points(error)} %`;

async function draw(ran: Experiment, path: string): Promise<void> {
  const browser = await findChromium();
  if (browser === undefined) {
    process.stderr.write('bench simulator: there is no Chromium to draw the picture.\n');
    return;
  }
  const { svg, size } = pictureOf(ran);
  await writePng(browser, svg, size, path);
  process.stderr.write(`The picture is at ${path}.\n`);
}

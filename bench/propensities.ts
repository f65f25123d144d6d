import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  accuracyOf,
  type Guesses,
  measurePropensities,
  type PropensityMeasurement,
  reliability,
} from '../src/evaluate/actions/propensities.ts';
import { impressionsUntilOnTop } from '../src/learn/families/actions/live-view.fixture.ts';
import { reliabilityDiagram } from './actions/reliability-diagram.ts';
import type { BenchOptions, BenchResult } from './result.ts';

const limits = { auc: 0.02, calibrationError: 0.03, impressions: 200 };
const full = { users: 8000, items: 400, actions: 50, interactions: 100, exposures: 25 };
const quick = { users: 800, items: 100, actions: 12, interactions: 30, exposures: 15 };
const diagram = join(import.meta.dirname, '../docs/images/propensities.svg');

/**
 * aws-next-best-action on made-up data whose chances are known: how well it tells who takes an action, beside the best
 * that anybody could; whether its chances are chances; and how soon a good new action is found. The reliability
 * diagram of docs/accuracy.md is drawn by the whole run.
 */
export async function benchPropensities({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const seeds = isQuick ? [1] : [1, 2, 3];
  const measured: PropensityMeasurement[] = [];
  for (const seed of seeds) measured.push(await measurePropensities(isQuick ? quick : full, seed));
  const [first] = measured;
  if (first && !isQuick) await writeFile(diagram, reliabilityDiagram(binsOf(first)));
  return [
    ...guessResults(
      'of what was shown',
      measured.map(({ shown }) => shown),
    ),
    ...guessResults(
      'of any action, shown or not',
      measured.map(({ anything }) => anything),
    ),
    {
      name: 'propensities: training',
      value: meanOf(measured.map(({ seconds }) => seconds)),
      unit: 's',
      detail: `${first?.trainedExposures.toLocaleString('en')} exposures; mean of ${seeds.length} seeds`,
    },
    await explorationResult(isQuick ? 5 : 20),
  ];
}

const binsOf = ({ shown, anything }: PropensityMeasurement) => ({
  shown: reliability(shown.recipe, shown.happened),
  anything: reliability(anything.recipe, anything.happened),
});

function guessResults(of: string, all: readonly Guesses[]): BenchResult[] {
  const mean = (whose: 'chances' | 'recipe' | 'regression' | 'rates') => {
    const found = all.map((guesses) => accuracyOf(guesses[whose], guesses));
    return { auc: meanOf(found.map(({ auc }) => auc)), ece: meanOf(found.map(({ ece }) => ece)) };
  };
  const [best, recipe, regression, rates] = [mean('chances'), mean('recipe'), mean('regression'), mean('rates')];
  const beside = (figure: 'auc' | 'ece') =>
    `one logistic regression ${regression[figure].toFixed(4)}, base rates ${rates[figure].toFixed(4)}`;
  return [
    { name: `propensities: AUC ${of}`, value: recipe.auc, unit: '', detail: beside('auc') },
    {
      name: `propensities: AUC below the best possible, ${of}`,
      value: best.auc - recipe.auc,
      unit: '',
      limit: limits.auc,
      detail: `the true chances have ${best.auc.toFixed(4)}`,
    },
    {
      name: `propensities: expected calibration error ${of}`,
      value: recipe.ece,
      unit: '',
      limit: limits.calibrationError,
      detail: beside('ece'),
    },
  ];
}

/** A new action that is taken by 60 % beside twenty that are taken by 5 to 40 %. */
async function explorationResult(runs: number): Promise<BenchResult> {
  const needed: number[] = [];
  for (let seed = 0; seed < runs; seed++) needed.push(await impressionsUntilOnTop(0.6, seed, 2 * limits.impressions));
  needed.sort((a, b) => a - b);
  return {
    name: 'propensities: impressions until a good new action is on top, most',
    value: needed.at(-1) ?? Number.NaN,
    unit: '',
    limit: limits.impressions,
    detail: `in ${runs} runs, median ${needed[Math.floor(runs / 2)]}`,
  };
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

import type { Arm } from './arms.ts';
import { chart, type Line, type Panel } from './chart.ts';
import { meansByDay } from './estimate.ts';
import type { Experiment } from './experiment.ts';
import type { Outcome } from './outcome.ts';
import { recipes } from './prepared-home.ts';

/** Click-through and the share of good new items by day: a row a recipe. */
export function pictureOf({ oracle, arms }: Experiment) {
  const row = (recipe: Arm['recipe']): Panel[] => {
    const own = arms.filter(({ arm }) => arm.recipe === recipe);
    const lines = (byDay: (outcome: Outcome) => readonly number[]): Line[] =>
      own.map(({ arm, outcomes }) => lineOf(arm.name, looks(arm), outcomes.map(byDay)));
    const best = oracle.map(({ goodNewByDay }) => goodNewByDay);
    return [
      { title: `${recipes[recipe]}: taken of the shown items`, lines: lines((outcome) => outcome.clickThroughByDay) },
      {
        title: 'good new items among the shown',
        lines: [...lines(({ goodNewByDay }) => goodNewByDay), lineOf('oracle', { colour: '#8a94a0' }, best)],
      },
    ];
  };
  return chart([row('v1'), row('v2')]);
}

function lineOf(name: string, look: Pick<Line, 'colour' | 'isDashed'>, runs: readonly (readonly number[])[]): Line {
  return { name, ...look, values: meansByDay(runs) };
}

function looks({ events, explorationWeight = 0 }: Arm): Pick<Line, 'colour' | 'isDashed'> {
  if (events === 'never') return { colour: '#16212e', isDashed: true };
  if (events === 'at night') return { colour: '#16212e' };
  return { colour: coloursByWeight.find(([weight]) => explorationWeight <= weight)?.[1] ?? '#000000' };
}

const coloursByWeight = [
  [0, '#0b5cad'],
  [0.1, '#12805c'],
  [0.3, '#d9822b'],
  [1, '#b3261e'],
] as const;

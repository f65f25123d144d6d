import { meanOf } from './estimate.ts';
import type { Page } from './simulation.ts';
import type { World } from './world.ts';

/** What a run has shown. Shares are of 1. */
export type Outcome = {
  /** Items taken of those shown: of all days, and day by day. */
  readonly clickThrough: number;
  readonly clickThroughByDay: readonly number[];
  /** Good new items among those shown: of all days, and day by day. */
  readonly goodNew: number;
  readonly goodNewByDay: readonly number[];
  /** Of the good new items for which there was time enough, those that were found; NaN where there were none. */
  readonly found: number;
  /**
   * How often these were shown until then, and the day on which they were found, 1 being that of the arrival; NaN where
   * none was.
   */
  readonly impressionsUntilFound: number;
  readonly daysUntilFound: number;
};

/** An item is found once it has been taken so often … */
export const findingClicks = 5;
/** … within so many days of its arrival. */
export const findingDays = 5;

export function outcomeOf(world: World, pages: readonly Page[], good: ReadonlySet<number>): Outcome {
  const days = Array.from({ length: world.size.days }, (_, day) => pages.filter((page) => page.day === day));
  const due = [...good].filter((item) => arrivalOf(world, item) <= world.size.days - findingDays);
  const finds = due.flatMap((item) => findOf(world, pages, item) ?? []);
  return {
    clickThrough: clickThrough(pages),
    clickThroughByDay: days.map(clickThrough),
    goodNew: shareOf(pages, good),
    goodNewByDay: days.map((day) => shareOf(day, good)),
    found: finds.length / due.length,
    impressionsUntilFound: meanOf(finds.map(({ impressions }) => impressions)),
    daysUntilFound: meanOf(finds.map(({ days }) => days)),
  };
}

/**
 * New items that are as good as the best tenth of the first catalogue: by the chance that a visitor who looks at them
 * takes them, over the visits of the first day.
 */
export function goodNewItems(world: World): ReadonlySet<number> {
  const visits = world.visits(0);
  const worth = world.items.map((_, item) => meanOf(visits.map((visit) => world.appeal(visit, item))));
  const old = worth.filter((_, item) => arrivalOf(world, item) < 0).sort((one, other) => other - one);
  const least = old[Math.floor(old.length / 10)] ?? 0;
  return new Set([...worth.keys()].filter((item) => arrivalOf(world, item) >= 0 && (worth[item] ?? 0) >= least));
}

const arrivalOf = (world: World, item: number) => world.items[item]?.arrival ?? 0;

type Find = { readonly impressions: number; readonly days: number };

function findOf(world: World, pages: readonly Page[], item: number): Find | undefined {
  const arrival = arrivalOf(world, item);
  let [impressions, clicks] = [0, 0];
  for (const { day, shown, taken } of pages) {
    if (day >= arrival + findingDays || !shown.includes(item)) continue;
    impressions++;
    if (taken.includes(item)) clicks++;
    if (clicks === findingClicks) return { impressions, days: day - arrival + 1 };
  }
  return undefined;
}

const clickThrough = (pages: readonly Page[]) =>
  sum(pages.map(({ taken }) => taken.length)) / sum(pages.map(({ shown }) => shown.length));

const shareOf = (pages: readonly Page[], items: ReadonlySet<number>) =>
  sum(pages.map(({ shown }) => shown.filter((item) => items.has(item)).length)) /
  sum(pages.map(({ shown }) => shown.length));

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

import { uniformOf } from './chance.ts';
import type { Visit, World } from './world.ts';

/** A visitor looks through so many pages of so many items. */
export const pagesAVisit = 5;
export const itemsAPage = 10;

/** The share of those who look at an item that also look at the one below it. */
const patience = 0.9;
const kind = { looks: 5, takes: 6 } as const;

/**
 * What a visitor takes of a page: whatever is looked at and liked. Whether an item is liked is decided once a visit,
 * however often it is shown; the chance to be looked at falls from position to position (the examination hypothesis of
 * Richardson et al. 2007).
 *
 * @param shown indexes of items in the world, from the top
 * @returns those that are taken
 */
export function choices(world: World, visit: Visit, page: number, shown: readonly number[]): number[] {
  return shown.filter(
    (item, rank) =>
      uniformOf(world.seed, kind.looks, visit.key, page, rank) < patience ** rank &&
      uniformOf(world.seed, kind.takes, visit.key, item) < world.appeal(visit, item),
  );
}

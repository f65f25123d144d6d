import { choices, itemsAPage, pagesAVisit } from './behaviour.ts';
import type { Recommender } from './recommender.ts';
import type { Visit, World } from './world.ts';

/** A page that somebody was shown, and what they took of it. Items are their indexes in the world. */
export type Page = { readonly day: number; readonly shown: readonly number[]; readonly taken: readonly number[] };

/** So many visitors are there at a time. */
const together = 8;

/**
 * Lets time go by. Each page shows the best of what is recommended then, without what the visitor has been shown before
 * in this visit.
 */
export async function simulate(world: World, recommender: Recommender): Promise<Page[]> {
  const pages: Page[] = [];
  const receive = async (visit: Visit) => {
    const seen = new Set<number>();
    for (let page = 0; page < pagesAVisit; page++) {
      const recommended = await recommender.recommend(visit, seen.size + itemsAPage);
      const shown = recommended.filter((item) => !seen.has(item)).slice(0, itemsAPage);
      const taken = choices(world, visit, page, shown);
      for (const item of shown) seen.add(item);
      pages.push({ day: visit.day, shown, taken });
      await recommender.hear(visit, page, shown, taken);
    }
  };
  for (let day = 0; day < world.size.days; day++) {
    const arrivals = world.arrivals(day).map(({ id }) => world.placeOf(id));
    await recommender.beginDay(day, arrivals);
    const visits = world.visits(day)[Symbol.iterator]();
    const door = async () => {
      for (const visit of visits) await receive(visit);
    };
    await Promise.all(Array.from({ length: together }, door));
    await recommender.endDay();
  }
  return pages;
}

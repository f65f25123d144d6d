import { genres } from '../../src/quickstart/film-titles.ts';
import { choices, itemsAPage, pagesAVisit } from './behaviour.ts';
import { uniformsOf } from './chance.ts';
import type { Visit, World } from './world.ts';

/** Somebody took an item. */
export type Click = { readonly visit: Visit; readonly item: number; readonly page: number };

const kind = 7;
/**
 * Of the items on a page: by popularity, and from what is filed under the genre that the visit is about. The others are
 * drawn evenly.
 */
const [popularShare, shelfShare] = [0.6, 0.25];

/**
 * What is known on day 0, in the order of time: what users took of pages such as a shop without recommendations has.
 */
export function keepLog(world: World): Click[] {
  const random = uniformsOf(world.seed, kind);
  const shelves = genres.map((genre) => world.arrivals(-1).filter(({ told }) => told[0] === genre));
  const clicks: Click[] = [];
  const drawEvenly = () => Math.floor(random() * world.size.items);
  const drawPopular = () => clicks[Math.floor(random() * clicks.length)]?.item ?? drawEvenly();
  const drawFrom = (shelf: World['items']) => world.placeOf(shelf[Math.floor(random() * shelf.length)]?.id ?? '');
  const draw = ({ mood }: Visit) => {
    const source = random();
    if (source < popularShare) return drawPopular();
    return source < popularShare + shelfShare ? drawFrom(shelves[mood] ?? []) : drawEvenly();
  };
  for (let day = -world.size.logDays; day < 0; day++) {
    for (const visit of world.visits(day)) {
      const seen = new Set<number>();
      for (let page = 0; page < pagesAVisit; page++) {
        const shown: number[] = [];
        while (shown.length < itemsAPage) {
          const item = draw(visit);
          if (!seen.has(item)) shown.push(item);
          seen.add(item);
        }
        for (const item of choices(world, visit, page, shown)) clicks.push({ visit, item, page });
      }
    }
  }
  return clicks;
}

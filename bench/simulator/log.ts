import { choices, itemsAPage, pagesAVisit } from './behaviour.ts';
import { uniformsOf } from './chance.ts';
import type { Visit, World } from './world.ts';

/** Somebody took an item. */
export type Click = { readonly visit: Visit; readonly item: number; readonly page: number };

const kind = 7;

/** What is known on day 0: what users took of pages of which a third each was drawn evenly, by popularity, and from what they took before. */
export function keepLog(world: World): Click[] {
  const random = uniformsOf(world.seed, kind);
  const draw = (from: readonly number[]) => from[Math.floor(random() * from.length)] ?? drawEvenly();
  const drawEvenly = () => Math.floor(random() * world.size.items);
  const clicks: Click[] = [];
  const allTaken: number[] = [];
  const takenBy = Array.from({ length: world.size.users }, (): number[] => []);
  for (let day = -world.size.logDays; day < 0; day++) {
    for (const visit of world.visits(day)) {
      const own = takenBy[visit.user] ?? [];
      const seen = new Set<number>();
      for (let page = 0; page < pagesAVisit; page++) {
        const shown: number[] = [];
        while (shown.length < itemsAPage) {
          const item = draw([[], allTaken, own][Math.floor(3 * random())] ?? []);
          if (!seen.has(item)) shown.push(item);
          seen.add(item);
        }
        for (const item of choices(world, visit, page, shown)) {
          own.push(item);
          allTaken.push(item);
          clicks.push({ visit, item, page });
        }
      }
    }
  }
  return clicks;
}

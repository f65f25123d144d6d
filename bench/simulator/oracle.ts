import type { Recommender } from './recommender.ts';
import type { World } from './world.ts';

/** Knows what is in everybody's mind: nobody can do better. */
export function oracle(world: World): Recommender {
  const catalogue = world.items.flatMap(({ arrival }, place) => (arrival < 0 ? [place] : []));
  return {
    async beginDay(_day, arrivals) {
      catalogue.push(...arrivals);
    },
    async recommend(visit, count) {
      const appeals = new Map(catalogue.map((place) => [place, world.appeal(visit, place)]));
      const ranked = catalogue.toSorted((one, other) => (appeals.get(other) ?? 0) - (appeals.get(one) ?? 0));
      return ranked.slice(0, count);
    },
    async hear() {},
    async endDay() {},
  };
}

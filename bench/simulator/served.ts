import type { Arm } from './arms.ts';
import { callerOf } from './caller.ts';
import { deploy } from './campaign.ts';
import { eventType, type Prepared, userIdOf } from './prepared-home.ts';
import type { Recommender } from './recommender.ts';
import { beginningOf, takenAt } from './times.ts';
import type { World } from './world.ts';

/** Of GetRecommendations. */
type Answer = { readonly itemList: readonly { readonly itemId: string }[] };
type Served = { readonly world: World; readonly prepared: Prepared; readonly url: string; readonly arm: Arm };

/** A campaign of a server, used through the public API as a shop would. */
export async function served({ world, prepared, url, arm }: Served): Promise<Recommender> {
  const { campaignArn, update } = await deploy(url, prepared, arm);
  const { itemsArn, trackingId } = prepared;
  const call = callerOf(url);
  const idOf = (place: number) => world.items[place]?.id ?? '';
  /** Events of the day that are kept back. */
  const waiting: object[] = [];
  return {
    async beginDay(day, arrivals) {
      const creationTimestamp = beginningOf(day);
      const items = arrivals.map((place) => {
        const genres = world.items[place]?.told.join('|');
        return { itemId: idOf(place), properties: JSON.stringify({ genres, creationTimestamp }) };
      });
      if (items.length > 0) await call('/items', { datasetArn: itemsArn, items });
    },
    async recommend(visit, count) {
      const request = { campaignArn, userId: userIdOf(visit.user), numResults: count };
      const { itemList }: Answer = JSON.parse(await call('/recommendations', request));
      return itemList.map(({ itemId }) => world.placeOf(itemId));
    },
    async hear(visit, page, shown, taken) {
      if (taken.length === 0 || arm.events === 'never') return;
      const impression = shown.map(idOf);
      const eventList = taken.map((place, n) => ({
        eventType,
        itemId: idOf(place),
        sentAt: takenAt(visit, page, n),
        impression,
      }));
      const events = { trackingId, userId: userIdOf(visit.user), sessionId: `visit-${visit.key}`, eventList };
      if (arm.events === 'at night') waiting.push(events);
      else await call('/events', events);
    },
    async endDay() {
      for (const events of waiting.splice(0)) await call('/events', events);
      if (arm.events !== 'never') await update();
    },
  };
}

import { seededRandom } from '../../../src/quickstart/random.ts';
import type { World, WorldSize } from '../world.ts';
import { stockTitles, type Title } from './titles.ts';
import { choosePersonas, eveningsOf, profileOf, trendOf } from './viewers.ts';

const seed = 11;

/** A streaming service with its viewers and their history until `now` (Unix epoch seconds). */
export function videoWorld({ users, share }: WorldSize, now: number): World<Title> {
  const items = stockTitles(seed, now, share);
  const random = seededRandom(seed + 1);
  const ids = Array.from({ length: users }, (_, n) => String(1001 + n));
  const evenings = ids.flatMap((id) => [...eveningsOf(random, id, items, now)]);
  const interactions = [...evenings, ...trendOf(random, items, users, now)];
  const profiles = ids.map((id) => ({ id, ...profileOf(random) }));
  return {
    items,
    personas: choosePersonas(evenings, items),
    interactions,
    tables: {
      items: {
        header: [
          ...['ITEM_ID', 'GENRES', 'PRODUCT_DESCRIPTION', 'CREATION_TIMESTAMP', 'DURATION', 'AVERAGE_RATING'],
          ...['NAME', 'YEAR', 'ORIGINAL'],
        ],
        rows: items.map((title) => [
          ...[title.id, title.genres.join('|'), title.description, String(title.createdAt), String(title.minutes)],
          ...[title.rating.toFixed(1), title.name, String(title.year), title.isPromoted ? 'Yes' : 'No'],
        ]),
      },
      users: {
        header: ['USER_ID', 'SUBSCRIPTION_MODEL', 'AGE'],
        rows: profiles.map(({ id, plan, age }) => [id, plan, String(age)]),
      },
      interactions: {
        header: ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', 'TIMESTAMP'],
        rows: interactions.map(({ userId, itemId, eventType, timestamp }) => [
          ...[userId, itemId, eventType, String(timestamp)],
        ]),
      },
    },
  };
}

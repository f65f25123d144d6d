import type { Random } from '../../../src/quickstart/random.ts';
import { secondsADay, type Table } from '../world.ts';
import { categories } from './kinds.ts';
import type { Shopper } from './shoppers.ts';

/** What the shop may ask a customer to do next. */
export type Action = {
  readonly id: string;
  readonly title: string;
  readonly text: string;
  readonly kind: 'membership' | 'channel' | 'event' | 'service';
  /** What it is worth to the shop, 1 to 10. */
  readonly value: number;
  /** How likely a customer says yes. */
  readonly propensity: (shopper: Shopper) => number;
};

const loves = (shopper: Shopper, category: string) => (shopper.categories[categories.indexOf(category)] ?? 0) > 1;

export const actions: readonly Action[] = [
  {
    id: 'join-the-club',
    title: 'Join the loyalty programme',
    text: 'A stamp for each order, and the tenth parcel comes with a gift.',
    kind: 'membership',
    value: 8,
    propensity: ({ membership, sessions }) => (membership === 'none' && sessions > 7 ? 0.6 : 0.08),
  },
  {
    id: 'get-the-app',
    title: 'Download the app',
    text: 'Your basket in your pocket, and a nudge when a favourite is back.',
    kind: 'channel',
    value: 5,
    propensity: ({ age }) => (age < 30 ? 0.6 : 0.06),
  },
  {
    id: 'read-the-letter',
    title: 'Subscribe to the newsletter',
    text: 'What to sow, what to mend, what to cook: one letter a month.',
    kind: 'channel',
    value: 4,
    propensity: (shopper) => (loves(shopper, 'Garden') || loves(shopper, 'Home') ? 0.55 : 0.1),
  },
  {
    id: 'bring-a-friend',
    title: 'Bring a friend',
    text: 'Ten euros for them, ten for you.',
    kind: 'membership',
    value: 7,
    propensity: ({ membership }) => (membership === 'gold' ? 0.5 : 0.06),
  },
  {
    id: 'taste-coffee',
    title: 'Come to the coffee evening',
    text: 'Thursday at seven: four roasts, one long table.',
    kind: 'event',
    value: 6,
    propensity: (shopper) => (loves(shopper, 'Pantry') ? 0.5 : 0.05),
  },
  {
    id: 'mend-things',
    title: 'Try the repair service',
    text: 'Send us a worn boot or a torn tent, get it back as new.',
    kind: 'service',
    value: 5,
    propensity: (shopper) => (loves(shopper, 'Outdoors') || loves(shopper, 'Wardrobe') ? 0.5 : 0.05),
  },
];

/** Days after which a customer may be asked the same again. */
export const repeatDays = 7;

export const actionTable = (now: number): Table => ({
  header: ['ACTION_ID', 'TITLE', 'KIND', 'VALUE', 'REPEAT_FREQUENCY', 'CREATION_TIMESTAMP'],
  rows: actions.map(({ id, title, kind, value }) => [
    ...[id, title, kind, String(value)],
    ...[String(repeatDays), String(now - 200 * secondsADay)],
  ]),
});

/** What customers answered in the last weeks; nobody was asked so lately that they may not be asked again. */
export function actionInteractionTable(random: Random, shoppers: readonly Shopper[], now: number): Table {
  const rows = shoppers.flatMap((shopper) => {
    const asked = Array.from({ length: 5 + random.integer(6) }, () => {
      const action = actions[random.integer(actions.length)];
      const timestamp = now - Math.floor((repeatDays + 1 + 30 * random.uniform()) * secondsADay);
      const taken = random.uniform() < (action?.propensity(shopper) ?? 0);
      const ignored = random.uniform() < 0.4 ? 'VIEWED' : 'NOT_TAKEN';
      return [shopper.id, action?.id ?? '', taken ? 'TAKEN' : ignored, String(timestamp)];
    });
    return asked;
  });
  return { header: ['USER_ID', 'ACTION_ID', 'EVENT_TYPE', 'TIMESTAMP'], rows };
}

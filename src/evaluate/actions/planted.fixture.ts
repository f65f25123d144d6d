import { join } from 'node:path';
import { actionEventCodes } from '../../learn/histories/action-data.ts';
import { field, interactionFields, writeDataset } from '../../learn/training/training.fixture.ts';
import type { PlantedActions } from './planted.ts';

const category = (name: string) => ({ ...field(name), categorical: true });
const typeNames = Object.fromEntries(Object.entries(actionEventCodes).map(([name, code]) => [code, name]));

/** The same as files of the five datasets. */
export async function writePlanted(
  { sizes, histories, people, items, kinds, values, events }: PlantedActions,
  folder: string,
) {
  const range = (length: number) => Array.from({ length }, (_, n) => n);
  const perUser = <T>(
    { starts, ends }: { starts: Uint32Array; ends: Uint32Array },
    row: (user: number, at: number) => T,
  ) => range(sizes.users).flatMap((user) => range(ends[user] - starts[user]).map((n) => row(user, starts[user] + n)));
  return {
    interactions: await writeDataset(
      join(folder, 'interactions'),
      interactionFields,
      perUser(histories, (user, at) => [`user${user}`, `item${histories.items[at]}`, histories.timestamps[at]]),
    ),
    items: await writeDataset(
      join(folder, 'items'),
      [field('ITEM_ID'), category('CATEGORY'), field('PRICE', 'double')],
      range(sizes.items).map((n) => [`item${n}`, items.categories[n], items.prices[n]]),
    ),
    users: await writeDataset(
      join(folder, 'users'),
      [field('USER_ID'), field('AGE', 'double'), category('TIER'), category('REGION')],
      range(sizes.users).map((n) => [`user${n}`, people.ages[n], people.tiers[n], people.regions[n]]),
    ),
    actions: await writeDataset(
      join(folder, 'actions'),
      [field('ACTION_ID'), category('KIND'), field('VALUE', 'long')],
      range(sizes.actions).map((n) => [`action${n}`, kinds[n], values[n]]),
    ),
    actionInteractions: await writeDataset(
      join(folder, 'action-interactions'),
      [field('USER_ID'), field('ACTION_ID'), field('EVENT_TYPE'), field('TIMESTAMP', 'long')],
      perUser(events, (user, at) => [
        `user${user}`,
        `action${events.actions[at]}`,
        typeNames[events.types[at]] ?? '',
        events.timestamps[at],
      ]),
    ),
  };
}

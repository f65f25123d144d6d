import { expect, test } from 'vitest';
import { retailWorld } from '../world/retail/retail-world.ts';
import { videoWorld } from '../world/video/video-world.ts';
import { sizes, type Table } from '../world/world.ts';
import { retailFields, videoFields } from './schemas.ts';

const { tables: retail } = retailWorld(sizes.small, 1_800_000_000);
const { tables: video } = videoWorld(sizes.small, 1_800_000_000);

test.each<[string, readonly { readonly name: string }[], Table | undefined]>([
  ['retail items', retailFields.items, retail.items],
  ['retail users', retailFields.users, retail.users],
  ['retail interactions', retailFields.interactions, retail.interactions],
  ['actions', retailFields.actions, retail.actions],
  ['action interactions', retailFields.actionInteractions, retail.actionInteractions],
  ['video items', videoFields.items, video.items],
  ['video users', videoFields.users, video.users],
  ['video interactions', videoFields.interactions, video.interactions],
])('the table of %s has the columns of its schema, in each row', (_, fields, table) => {
  expect(fields.map(({ name }) => name)).toEqual(table?.header);
  expect([...(table?.rows ?? [])].filter(({ length }) => length !== fields.length)).toEqual([]);
});

import { expect, test } from 'vitest';
import { productPicture } from '../../pictures/retail/product-picture.ts';
import { sizes } from '../world.ts';
import { actions } from './actions.ts';
import { kinds } from './kinds.ts';
import { retailWorld } from './retail-world.ts';

const now = 1_800_000_000;
const shop = retailWorld(sizes.small, now);
const items = new Map(shop.items.map((item) => [item.id, item]));
const purchases = shop.interactions.filter(({ eventType }) => eventType === 'Purchase');

test('the same size and time give the same shop', () => {
  const again = retailWorld(sizes.small, now);
  expect(again.items).toEqual(shop.items);
  expect(again.interactions.slice(0, 500)).toEqual(shop.interactions.slice(0, 500));
});

test('it has the size that recommenders need, ids and names of one kind once, and no cell that is empty', () => {
  const { users, share } = sizes.normal;
  const whole = retailWorld({ users, share }, now);
  expect(whole.items.length).toBeGreaterThan(300);
  expect(whole.interactions.length).toBeGreaterThan(40_000);
  expect(purchases.length).toBeGreaterThan(1000);
  expect(items.size).toBe(shop.items.length);
  expect(new Set(shop.items.map(({ name, kind }) => `${kind}: ${name}`)).size).toBe(items.size);
  for (const row of shop.tables.items.rows) expect(row).not.toContain('');
});

test('people do nothing before an item is there, nor later than now', () => {
  const wrong = shop.interactions.filter(
    ({ itemId, timestamp }) => timestamp > now || timestamp <= (items.get(itemId)?.createdAt ?? now),
  );
  expect(wrong).toEqual([]);
});

test('what people buy in the first half says in which categories they buy in the second', () => {
  const shares = [...Map.groupBy(purchases, ({ userId }) => userId).values()].flatMap((history) => {
    if (history.length < 6) return [];
    const category = ({ itemId }: (typeof history)[number]) => items.get(itemId)?.category;
    const before = new Set(history.slice(0, history.length >> 1).map(category));
    const after = history.slice(history.length >> 1);
    return [after.filter((purchase) => before.has(category(purchase))).length / after.length];
  });
  expect(shares.length).toBeGreaterThan(30);
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeGreaterThan(0.5);
});

test('what goes together is bought within minutes', () => {
  const together = purchases.filter(({ userId, itemId, timestamp }, n) => {
    const next = purchases[n + 1];
    if (next?.userId !== userId || next.timestamp - timestamp > 600) return false;
    return items.get(itemId)?.of.goesWith.includes(items.get(next.itemId)?.kind ?? '');
  });
  expect(together.length / purchases.length).toBeGreaterThan(0.2);
});

test('customers say yes to an action as their propensity has it, and no', () => {
  const rows = [...(shop.tables.actionInteractions?.rows ?? [])];
  expect(rows.length).toBeGreaterThan(1000);
  const ofType = (type: string) => rows.filter((row) => row[2] === type).length;
  for (const type of ['TAKEN', 'NOT_TAKEN', 'VIEWED']) expect(ofType(type)).toBeGreaterThan(50);
  expect(new Set(rows.map((row) => row[1]))).toEqual(new Set(actions.map(({ id }) => id)));
});

test('every kind has a picture of its own, and every product another', () => {
  const pictures = shop.items.map(productPicture);
  expect(new Set(pictures).size).toBe(pictures.length);
  for (const picture of pictures) expect(picture).not.toMatch(/NaN|undefined/);
  const known = new Set(kinds.map(({ name }) => name));
  expect(new Set(shop.items.map(({ kind }) => kind))).toEqual(known);
  for (const kind of kinds) {
    for (const other of kind.goesWith) expect(known).toContain(other);
  }
});

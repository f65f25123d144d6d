import { seededRandom } from '../../../src/quickstart/random.ts';
import type { Interaction, World, WorldSize } from '../world.ts';
import { actionInteractionTable, actionTable } from './actions.ts';
import { type Product, stockShop } from './catalogue.ts';
import { inventShoppers, personas, type Shopper } from './shoppers.ts';
import { shelvesOf, visitsOf } from './visits.ts';

const seed = 7;

/** A shop, its customers and their history until `now` (Unix epoch seconds): the same for the same size and time. */
export function retailWorld({ users, share }: WorldSize, now: number): World<Product> {
  const items = stockShop(seed, now, share);
  const shoppers = inventShoppers(seededRandom(seed + 1), users);
  const shelves = shelvesOf(items);
  const random = seededRandom(seed + 2);
  const interactions = shoppers.flatMap((shopper) => [...visitsOf(random, shopper, shelves, now)]);
  return {
    items,
    personas,
    interactions,
    tables: {
      items: itemTable(items),
      users: userTable(shoppers),
      interactions: interactionTable(interactions, items),
      actions: actionTable(now),
      actionInteractions: actionInteractionTable(seededRandom(seed + 3), shoppers, now),
    },
  };
}

const itemTable = (products: readonly Product[]) => ({
  header: [
    ...['ITEM_ID', 'PRICE', 'CATEGORY_L1', 'CATEGORY_L2', 'PRODUCT_DESCRIPTION', 'CREATION_TIMESTAMP'],
    ...['NAME', 'IN_STOCK', 'ON_OFFER'],
  ],
  rows: products.map((product) => [
    ...[product.id, product.price.toFixed(2), product.category, product.kind, product.description],
    ...[String(product.createdAt), product.name, product.isAvailable ? 'Yes' : 'No', product.isPromoted ? 'Yes' : 'No'],
  ]),
});

const userTable = (shoppers: readonly Shopper[]) => ({
  header: ['USER_ID', 'MEMBERSHIP_STATUS', 'AGE'],
  rows: shoppers.map(({ id, membership, age }) => [id, membership, String(age)]),
});

function interactionTable(interactions: readonly Interaction[], products: readonly Product[]) {
  const prices = new Map(products.map(({ id, price }) => [id, price.toFixed(2)]));
  return {
    header: ['USER_ID', 'ITEM_ID', 'EVENT_TYPE', 'EVENT_VALUE', 'TIMESTAMP'],
    rows: interactions.map(({ userId, itemId, eventType, timestamp }) => [
      ...[userId, itemId, eventType, eventType === 'Purchase' ? (prices.get(itemId) ?? '') : '', String(timestamp)],
    ]),
  };
}

import { productPicture } from '../pictures/retail/product-picture.ts';
import { poster } from '../pictures/video/poster.ts';
import type { FilterKey, Plan } from '../plan.ts';
import { retailWorld } from '../world/retail/retail-world.ts';
import { videoWorld } from '../world/video/video-world.ts';
import { type SizeName, sizes, type World } from '../world/world.ts';
import { ensureDataset, ensureGroup, type Group } from './datasets.ts';
import { ensureNextBestAction, type NextBestAction } from './next-best-action.ts';
import { ensureFilter, ensureRecommenders, ensureTracker } from './recommenders.ts';
import type { Service } from './service.ts';

/** What is there once a demo is set up. */
export type Demo = {
  readonly plan: Plan;
  readonly world: World;
  /** Pictures by item id. */
  readonly pictures: ReadonlyMap<string, string>;
  readonly resources: Resources;
};

export type Resources = {
  /** ARNs by the key of a row. */
  readonly recommenders: ReadonlyMap<string, string>;
  readonly filters: Readonly<Record<FilterKey, string>>;
  readonly trackingId: string;
  readonly actions?: NextBestAction | undefined;
};

/**
 * Sets a demo up through the public API. Names are always the same, and the world depends on the time of the dataset
 * group alone: what an earlier run has made is found again, so one that was broken off goes on.
 */
export async function setUp(service: Service, plan: Plan, size: SizeName): Promise<Demo> {
  const name = `demo-${plan.name}${size === 'normal' ? '' : `-${size}`}`;
  const group = await ensureGroup(service, name, plan.domain);
  const { world, pictures } = makeUp(plan, size, group.since);
  const { items, users, interactions } = world.tables;
  const { fields } = plan;
  await ensureDataset(service, group, {
    datasetType: 'Interactions',
    fields: fields.interactions,
    table: interactions,
  });
  await ensureDataset(service, group, { datasetType: 'Items', fields: fields.items, table: items });
  await ensureDataset(service, group, { datasetType: 'Users', fields: fields.users, table: users });
  const filters = await ensureFilters(service, group, plan);
  const trackingId = await ensureTracker(service, group);
  const recommenders = await ensureRecommenders(service, group, plan.rows);
  return { plan, world, pictures, resources: { recommenders, filters, trackingId, actions: await actionsOf() } };

  async function actionsOf(): Promise<NextBestAction | undefined> {
    const { actions, actionInteractions } = world.tables;
    if (actions === undefined || actionInteractions === undefined) return undefined;
    return await ensureNextBestAction(service, `${name}-actions`, { ...world.tables, actions, actionInteractions });
  }
}

/** The world of a demo, and its pictures. */
function makeUp({ name }: Plan, size: SizeName, now: number): Pick<Demo, 'world' | 'pictures'> {
  if (name === 'retail') {
    const world = retailWorld(sizes[size], now);
    return { world, pictures: new Map(world.items.map((product) => [product.id, productPicture(product)])) };
  }
  const world = videoWorld(sizes[size], now);
  return { world, pictures: new Map(world.items.map((title) => [title.id, poster(title)])) };
}

async function ensureFilters(service: Service, group: Group, { filters }: Plan): Promise<Resources['filters']> {
  const ensured = async (key: FilterKey) => await ensureFilter(service, group, key, filters[key]);
  return {
    all: await ensured('all'),
    category: await ensured('category'),
    promoted: await ensured('promoted'),
    'promoted-category': await ensured('promoted-category'),
  };
}

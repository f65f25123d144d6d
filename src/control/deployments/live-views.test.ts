import { afterEach, expect, it } from 'vitest';
import { decodeLines, type Layout } from '../../data/records/layout.ts';
import type { LogEntry } from '../../data/records/record-log.ts';
import { PopularityModel } from '../../learn/families/popularity/model.ts';
import type { LiveItemView, LiveQuery } from '../../learn/model/live-view.ts';
import { popularityCount } from '../../learn/recipes/popularity-count.ts';
import { type RecipeOf, usualDatasets } from '../../learn/recipes/recipe.ts';
import { type Bench, caller, openBench, recipeArn, steps, withData } from '../control.fixture.ts';
import { families } from '../families.ts';
import { openTemple } from '../toy-owner.fixture.ts';

let bench: Bench;
afterEach(() => bench.close());

/** The newest item of the stream, and then what the model has. */
class NewestFirst implements LiveItemView {
  readonly bytes = 1;
  readonly model: string;
  readonly #events: readonly string[];
  #newest: string | undefined;

  constructor(model: string, events: readonly string[]) {
    this.model = model;
    this.#events = events;
  }

  async read(): Promise<void> {}

  apply({ body }: LogEntry, layout: Layout): void {
    const at = (name: string) => layout.findIndex((column) => column.name === name);
    for (const values of decodeLines(body)) {
      if (this.#events.includes(values[at('EVENT_TYPE')] ?? '')) this.#newest = values[at('ITEM_ID')];
    }
  }

  async recommend({ allows = () => true, ...query }: LiveQuery, askModel: Parameters<LiveItemView['recommend']>[1]) {
    const { items } = await askModel(query);
    const first = this.#newest === undefined || !allows(this.#newest) ? [] : [this.#newest];
    return { items: [...first, ...items].slice(0, query.count) };
  }
}

const newest: RecipeOf<'POPULAR_ITEMS'> = {
  name: 'toy-newest',
  recipeType: 'POPULAR_ITEMS',
  description: 'Recommends what somebody has just watched.',
  algorithmHyperParameters: [],
  featureTransformationParameters: [],
  publishedAt: Date.UTC(2030, 0, 1),
  datasets: usualDatasets,
  usesHistory: false,
  learn: popularityCount.learn,
  open: async (content) => new PopularityModel(content),
  live: {
    follows: { INTERACTIONS: 'streamed' },
    create: async ({ model, events }) =>
      new NewestFirst(
        model,
        events.flatMap(({ eventType }) => eventType ?? []),
      ),
  },
};

it('a recipe that follows the data answers from its view, in front of the model, from the next event on', async () => {
  const temple = openTemple(newest);
  bench = await openBench({ families: [...families, temple.family] });
  const { group, dataset } = await withData(bench);
  const { trackingId = '' } = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  const campaignArn = await temple.oracles.create(group, recipeArn('aws-popularity-count'), caller);
  await bench.settled(campaignArn);
  const asked = async (request: object = {}) => {
    const { itemList = [] } = await bench.call('GetRecommendations', { campaignArn, ...request });
    return itemList.map(({ itemId }) => itemId);
  };
  expect(await asked()).toEqual(['a', 'b', 'c']);
  const sentAt = 1_700_000_000;
  for (const [eventType, itemId] of [
    ['watch', 'film'],
    ['click', 'poster'],
  ] as const) {
    await bench.call('PutEvents', { trackingId, sessionId: 's', eventList: [{ eventType, itemId, sentAt }] });
  }
  // The oracle trains on events of type watch.
  expect(await asked({ numResults: 2 })).toEqual(['film', 'a']);
  await steps(bench).imported(dataset, 'more');
  expect(await asked({ numResults: 2 })).toEqual(['film', 'a']);
  expect(bench.control.views()).toContainEqual({ view: 'live-answers', arn: campaignArn, bytes: 1 });
  await temple.oracles.stop(campaignArn, caller);
  await expect.poll(() => bench.control.views().map(({ view }) => view)).not.toContain('live-answers');
});

it('a view answers for no other model than its own, even where that of the next one cannot be read', async () => {
  const models = new Set<string>();
  const temple = openTemple({
    ...newest,
    live: {
      follows: { INTERACTIONS: 'streamed' },
      async create({ model }) {
        models.add(model);
        if (models.size > 1) throw new Error('New items cannot be found.');
        return new NewestFirst(model, ['watch']);
      },
    },
  });
  bench = await openBench({ families: [...families, temple.family] });
  const { group } = await withData(bench);
  const { trackingId = '' } = await bench.call('CreateEventTracker', { name: 'web', datasetGroupArn: group });
  const campaignArn = await temple.oracles.create(group, recipeArn('aws-popularity-count'), caller);
  await bench.settled(campaignArn);
  const asked = async () => {
    const { itemList = [] } = await bench.call('GetRecommendations', { campaignArn, numResults: 2 });
    return itemList.map(({ itemId }) => itemId);
  };
  await asked();
  const eventList = [{ eventType: 'watch', itemId: 'film', sentAt: 1_700_000_000 }];
  await bench.call('PutEvents', { trackingId, sessionId: 's', eventList });
  expect(await asked()).toEqual(['film', 'a']);
  await temple.oracles.retrain(campaignArn, caller);
  await expect.poll(asked).toEqual(['a', 'b']);
});

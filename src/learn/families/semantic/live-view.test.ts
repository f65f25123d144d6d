import { describe, expect, it, vi } from 'vitest';
import { encodeLine } from '../../../data/records/layout.ts';
import type { RecommendQuery } from '../../model/model.ts';
import type { TextProfile } from '../../model/text-profile.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { semanticSimilarity } from '../../recipes/semantic-similarity.ts';
import { SemanticView } from './live-view.ts';

const arn = 'arn:aws:personalize:us-east-1:000000000000:dataset/films/ITEMS';
const layout = ['ITEM_ID', 'NAME', 'CREATION_TIMESTAMP'].map((name) => ({ name, type: 'string' as const }));
const words = ['rocket', 'planet', 'oven'];

/** All words that the training knows weigh alike. */
const profileOf = (text: string): TextProfile => ({
  terms: Uint32Array.from(words.flatMap((word, n) => (text.includes(word) ? [n + 255 * 2 ** 24] : []))),
  codes: new Int8Array(),
});

type Trained = { readonly id: string; readonly cosine: number; readonly boost: number };

/** A view of which the model finds these, of an item that is about rockets, or nothing but popular items. */
function viewBefore(similar: readonly Trained[], popular: readonly string[] = []) {
  const view = new SemanticView(
    {
      model: 'models/1/',
      datasets: { ITEMS: { arn, schema: { fields: [] } } },
      parameters: resolveParameters(semanticSimilarity, {}),
      events: [],
      watermark: 0,
      withModel: () => Promise.reject(new Error('The view needs no model.')),
      clock: { now: () => 0 },
    },
    {
      profiler: { width: 0, termCount: words.length, bytes: 0, profilesOf: async (texts) => texts.map(profileOf) },
      columns: ['NAME'],
      timeCuts: new Float64Array(),
    },
  );
  const askModel = async ({ count, candidates, eligible }: RecommendQuery) => {
    if (similar.length === 0) return { items: eligible ? [] : popular.slice(0, count) };
    const found = similar.slice(0, count);
    return {
      items: found.map(({ id }) => id),
      candidates: {
        profile: candidates?.profile ?? profileOf('rocket'),
        cosines: Float32Array.from(found, ({ cosine }) => cosine),
        boosts: Float32Array.from(found, ({ boost }) => boost),
      },
    };
  };
  return {
    async put(items: Readonly<Record<string, string>>) {
      const body = Object.entries(items)
        .map(([id, name]) => encodeLine([id, name, '']))
        .join('');
      const records = Object.keys(items).length;
      view.apply({ datasetArn: arn, layout: 1, position: 1, receivedAt: 0, records, body }, layout);
      const all = () => view.recommend({ itemId: 'none', count: 500 }, askModel);
      for (const id of Object.keys(items)) await vi.waitFor(async () => expect((await all()).items).toContain(id));
    },
    ask: async (query: Parameters<typeof view.recommend>[0]) => (await view.recommend(query, askModel)).items,
    textRanks: async (query: Parameters<typeof view.recommend>[0]) => (await view.recommend(query, askModel)).textRanks,
  };
}

describe('new and changed items', () => {
  it('stand among the similar ones by what they say, and keep the popularity that the training found', async () => {
    const view = viewBefore([
      { id: 'known', cosine: 1, boost: 0 },
      { id: 'loved', cosine: 0.7, boost: 0.9 },
    ]);
    const influence = { POPULARITY: 1 };
    expect(await view.ask({ itemId: 'a', count: 2 })).toEqual(['known', 'loved']);
    await view.put({ loved: 'rocket planet', new: 'rocket' });
    expect(await view.ask({ itemId: 'a', count: 3, influence })).toEqual(['loved', 'new', 'known']);
    expect(await view.textRanks({ itemId: 'a', count: 3, influence })).toEqual([3, 1, 2]);
    expect(await view.ask({ itemId: 'a', count: 3 })).toEqual(['new', 'known', 'loved']);
    expect(await view.ask({ itemId: 'new', count: 3 })).not.toContain('new');
  });

  it('follow the popular ones where an item says nothing', async () => {
    const view = viewBefore([], ['a', 'b']);
    await view.put({ new: 'rocket', b: 'oven' });
    expect(await view.ask({ itemId: 'unknown', count: 1 })).toEqual(['a']);
    expect(await view.ask({ itemId: 'unknown', count: 9 })).toEqual(['a', 'b', 'new']);
    expect(await view.ask({ itemId: 'new', count: 9 })).toEqual(['a', 'b']);
    const onlyNew = { eligible: { words: new Uint32Array(1), size: 2 }, allows: (id: string) => id === 'new' };
    expect(await view.ask({ itemId: 'unknown', count: 9, ...onlyNew })).toEqual(['new']);
  });
});

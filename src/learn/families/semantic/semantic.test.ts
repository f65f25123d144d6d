import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeEncoder } from '../../features/sentence-encoder.fixture.ts';
import { maskWithout } from '../../model/item-mask.ts';
import { readContent, readDescription } from '../../model/model-folder.ts';
import { semanticSimilarity } from '../../recipes/semantic-similarity.ts';
import { runTraining } from '../../training/run-training.ts';
import { field, interactionFields, temporaryFolder, unwatched, writeDataset } from '../../training/training.fixture.ts';
import { serviceTrainingLimits } from '../../training/training.ts';
import { themedItems } from './semantic.fixture.ts';
import { openTextProfiler } from './text-profiler.ts';

const itemFields = [
  field('ITEM_ID'),
  { ...field('NAME'), isItemName: true } as const,
  { ...field('PLOT'), textual: true },
  field('CREATION_TIMESTAMP', 'long'),
];

type Row = readonly [id: string, name: string | null, plot: string | null, time: number | null];
type Options = {
  readonly interactions?: (string | number)[][];
  readonly fields?: typeof itemFields;
  /** Whether texts are read by the sentence encoder of the fixture. */
  readonly hasEncoder?: boolean;
};

/** The model of items, and the metrics of its training. */
async function trained(rows: readonly Row[], { interactions, fields = itemFields, hasEncoder }: Options = {}) {
  await using folder = await temporaryFolder();
  if (hasEncoder) await writeEncoder(folder.path);
  const model = join(folder.path, 'model');
  await mkdir(model);
  const request = {
    recipe: semanticSimilarity.name,
    parameters: {},
    items: await writeDataset(
      join(folder.path, 'items'),
      fields,
      rows.map((row) => row.slice(0, fields.length)),
    ),
    ...(interactions && {
      interactions: await writeDataset(join(folder.path, 'interactions'), interactionFields, interactions),
    }),
    ...(hasEncoder && { textEncoder: folder.path }),
    limits: serviceTrainingLimits,
    seed: 1,
    workFolder: folder.path,
  };
  const metrics = await runTraining(request, model, unwatched);
  const content = await readContent(model, await readDescription(model), false);
  const opened = await semanticSimilarity.open(content);
  /** Profiles of later texts, by the encoder of the training or without one. */
  const profilesOf = async (texts: readonly string[], withEncoder = true) =>
    await (await openTextProfiler(content.learned, withEncoder ? folder.path : undefined)).profilesOf(texts);
  const later = hasEncoder
    ? await Promise.all([profilesOf(['planet', '']), refusal(profilesOf([], false))])
    : undefined;
  const ask = async (id: string, query: Partial<Parameters<typeof opened.recommend>[0]> = {}) => {
    const { items } = await opened.recommend({ item: opened.items.indexOf(id), count: 3, ...query });
    return Array.from(items, (item) => opened.items.id(item));
  };
  return { metrics, model: opened, ask, later };
}

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: Error) => error.message,
  );

const themes = (ids: readonly string[]) => ids.map((id) => id.replace(/\d+/, ''));
const plots = (...texts: (string | null)[]): Row[] => texts.map((text, n) => [`i${n}`, text, text, n]);

describe('aws-semantic-similarity', () => {
  it('finds the items whose texts are alike, never the item itself, without interactions', async () => {
    const { ask, metrics } = await trained(themedItems(60));
    expect(themes(await ask('space6'))).toEqual(['space', 'space', 'space']);
    expect(themes(await ask('kitchen4', { count: 15 }))).toEqual(Array(15).fill('kitchen'));
    expect(await ask('space6', { count: 59 })).toHaveLength(59);
    expect(await ask('space6', { count: 60 })).not.toContain('space6');
    expect(metrics).toEqual({ coverage: expect.closeTo(1, 1) });
  });

  it('says at which rank an item is, by its text or by popularity', async () => {
    const { ask, model } = await trained(themedItems(60));
    const rank = (id: string, beside: string) => model.rankOf?.(model.items.indexOf(id), model.items.indexOf(beside));
    const [first = '', second = ''] = await ask('space6');
    expect(rank(first, 'space6')).toEqual({ list: 'similar', rank: 1 });
    expect(rank(second, 'space6')).toEqual({ list: 'similar', rank: 2 });
    expect(rank((await ask('unknown'))[1] ?? '', 'unknown')).toEqual({ list: 'popular', rank: 2 });
  });

  it('answers from the eligible items alone', async () => {
    const { ask, model } = await trained(themedItems(60));
    const best = await ask('space6');
    const eligible = maskWithout(
      model.items.size,
      best.map((id) => model.items.indexOf(id)),
    );
    const others = await ask('space6', { eligible });
    expect(themes(others)).toEqual(['space', 'space', 'space']);
    for (const id of best) expect(others).not.toContain(id);
  });

  it('finds texts alike in languages without blanks, from right to left, and in emoji', async () => {
    const { ask } = await trained(
      plots(
        '宇宙飛行士が火星へ旅立つ物語',
        '火星に取り残された宇宙飛行士',
        '東京の小さな料理店の家族',
        '料理店を継ぐ若い料理人',
        '太空飞船在火星坠毁',
        '宇航员乘坐太空飞船回家',
        'سفينة فضاء تهبط على المريخ',
        'رواد فضاء على المريخ وحدهم',
        'طباخ شاب في مطعم صغير',
        '🚀🪐 👩‍🚀',
        '🚀🪐 🌌',
        '🍕🍷',
      ),
    );
    const first = async (id: string) => (await ask(id, { count: 1 }))[0];
    expect([await first('i0'), await first('i2'), await first('i4'), await first('i6'), await first('i9')]).toEqual([
      'i1',
      'i3',
      'i5',
      'i7',
      'i10',
    ]);
  });

  it('compares by a sentence encoder where there is one, and reads later texts by the same', async () => {
    const texts = ['rocket', 'planet', 'oven', 'bread', 'rockets planet', 'oven bread', null];
    const { ask, later } = await trained(plots(...texts), { hasEncoder: true });
    expect(new Set(await ask('i0', { count: 2 }))).toEqual(new Set(['i1', 'i4']));
    expect(new Set(await ask('i2', { count: 2 }))).toEqual(new Set(['i3', 'i5']));
    expect(await ask('i0', { count: 6 })).toHaveLength(6);
    const [[planet, nothing] = [], missing] = later ?? [];
    expect(planet?.codes.some((code) => code !== 0)).toBe(true);
    expect(nothing?.codes.every((code) => code === 0)).toBe(true);
    expect(missing).toContain('Start the server with the same --text-encoder.');
  });

  it('gives popular items where the item is unknown or says nothing', async () => {
    const interactions = ['b', 'b', 'b', 'a'].map((id, n) => [`u${n}`, id, n]);
    const { ask } = await trained(
      [
        ['a', 'rocket planet', 'rocket stars', 1],
        ['b', 'rocket stars', 'planet stars', 2],
        ['c', null, null, null],
        ['d', 'planet stars', 'rocket', 3],
      ],
      { interactions },
    );
    expect(await ask('unknown')).toEqual(['b', 'a', 'c']);
    expect(await ask('c')).toEqual(['b', 'a', 'd']);
    expect((await ask('a')).at(-1)).toBe('c');
  });

  it('takes one item, items all alike, long texts and times of the future', async () => {
    expect(await (await trained(plots('alone'))).ask('i0')).toEqual([]);
    expect(await (await trained(plots('same', 'same', 'same'))).ask('i2')).toEqual(['i0', 'i1']);
    const long = (word: string) => `${word} `.repeat(4000).slice(0, 20_000);
    const { ask } = await trained([
      ['a', 'One', long('rocket'), 4e11],
      ['b', 'Two', long('rocket'), null],
      ['c', 'Three', long('oven'), 1],
    ]);
    expect(await ask('a', { count: 2, influence: { FRESHNESS: 0.1 } })).toEqual(['b', 'c']);
  });

  it('lets popularity and freshness weigh in the order, each as much as the campaign says', async () => {
    const rows: Row[] = [
      ['seed', 'rocket planet stars', 'rocket planet stars', 1],
      ['like', 'rocket planet stars', 'rocket planet', 1],
      ['popular', 'rocket planet', 'stars oven', 1],
      ['new', 'rocket', 'planet oven', 9],
      ['other', 'oven bread', 'oven bread', 1],
    ];
    const interactions = Array.from({ length: 20 }, (_, n) => [`u${n}`, 'popular', n]);
    const { ask } = await trained(rows, { interactions });
    const first = async (influence: object) => (await ask('seed', { influence }))[0];
    expect(await first({})).toBe('like');
    expect(await first({ POPULARITY: 0, FRESHNESS: 0 })).toBe('like');
    expect(await first({ POPULARITY: 1 })).toBe('popular');
    expect(await first({ FRESHNESS: 1 })).toBe('new');
    expect(await first({ POPULARITY: 0.01, FRESHNESS: 0.01 })).toBe('like');
  });

  it('is measured like other recipes of related items where there are interactions, and learned once', async () => {
    const items = themedItems(60);
    const interactions = Array.from({ length: 600 }, (_, n) => {
      const user = Math.floor(n / 10);
      return [`u${user}`, items[(3 * (n * 7 + user) + (user % 3)) % 60]?.[0] ?? '', n];
    });
    const { metrics } = await trained(items, { interactions });
    expect(metrics.precision_at_25).toBeGreaterThan(0);
    expect(Object.keys(metrics)).toContain('mean_reciprocal_rank_at_25');
  });

  it('needs a name and a text', async () => {
    const fields = [field('ITEM_ID'), { ...field('NAME'), isItemName: true } as const, field('PLOT')];
    await expect(trained(themedItems(3), { fields: fields as typeof itemFields })).rejects.toThrow(
      'Create failed. The schema of the Items dataset has no string field with "textual": true',
    );
  });
});

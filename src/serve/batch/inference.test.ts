import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { maskWhere } from '../../learn/model/item-mask.ts';
import type { Ranking } from '../../learn/model/model.ts';
import { openModel } from '../../learn/model/open-model.ts';
import { clusterOfItem, temporaryFolder } from '../../learn/training/training.fixture.ts';
import { roundedScore } from '../answers/rounded-score.ts';
import { read, schema } from '../filters/filters.fixture.ts';
import { genreOf, PlantedJobs } from './inference.fixture.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let jobs: PlantedJobs;
beforeAll(async () => {
  folder = await temporaryFolder();
  jobs = new PlantedJobs(folder.path);
});
afterAll(() => folder[Symbol.asyncDispose]());

const group = {
  ITEMS: schema('ITEM_ID string', 'GENRE categorical'),
  USERS: schema('USER_ID string', 'TIER categorical'),
  INTERACTIONS: schema('USER_ID string', 'ITEM_ID string', 'TIMESTAMP long', 'EVENT_TYPE string'),
};

/** A filter with the datasets that it may read. */
async function filtered(expression: string) {
  const { interactions, items, users } = await jobs.datasets();
  const events = { ...interactions, limit: 100, sessionsSince: 0 };
  return { filter: { filter: read(expression, group), items, users, interactions: events } };
}

/** So many that models answer some of them together. */
const users = ['u7', 'u8', 'nobody', 'u7', ...Array.from({ length: 21 }, (_, n) => `u${n}`)].map((userId) => ({
  userId,
}));
const outputOf = ({ items, scores }: Ranking) => ({
  recommendedItems: items,
  ...(scores && { scores: scores.map((score) => (score === null ? null : roundedScore(score))) }),
});

/** The same as expected of a batch: float32 sums for many users at once are rounded otherwise. */
const nearly = ({ items, scores }: Ranking) => ({
  recommendedItems: items,
  ...(scores && { scores: scores.map((score) => (score === null ? null : expect.closeTo(score, 5))) }),
});

describe('each recipe', () => {
  it.each(['aws-user-personalization', 'aws-popularity-count', 'aws-user-personalization-v2'])(
    '%s answers each user as its model does when it is asked alone',
    async (recipe) => {
      const model = await openModel(await jobs.model(recipe));
      const expected = [];
      for (const input of users) {
        expected.push({ input, output: nearly(await model.recommend({ ...input, count: 10 })), error: null });
      }
      expect(await jobs.outputLines(recipe, users)).toEqual(expected);
      expect(expected[0]?.output.recommendedItems).toHaveLength(10);
    },
  );

  it.each(['aws-sims', 'aws-similar-items', 'aws-semantic-similarity'])(
    '%s answers each item as its model does, without scores',
    async (recipe) => {
      const model = await openModel(await jobs.model(recipe));
      const lines = ['i3', 'nothing', 'i3', 'i70'].map((itemId) => ({ itemId }));
      const expected = [];
      for (const input of lines) {
        const { items } = await model.recommend({ ...input, count: 10 });
        expected.push({ input, output: { recommendedItems: items }, error: null });
      }
      expect(await jobs.outputLines(recipe, lines)).toEqual(expected);
    },
  );

  it.each(['aws-personalized-ranking', 'aws-personalized-ranking-v2'])(
    '%s ranks the list of each line',
    async (recipe) => {
      const model = await openModel(await jobs.model(recipe));
      const items = ['i1', 'unheard-of', 'i50', 'i20'];
      const lines = users.map(({ userId }) => ({ userId, itemList: [...items, 'i1'] }));
      const expected = [];
      for (const input of lines) {
        const ranked = await model.rank({ userId: input.userId, items });
        expected.push({ input, output: nearly(ranked), error: null });
      }
      expect(await jobs.outputLines(recipe, lines)).toEqual(expected);
      expect(expected[0]?.output).toMatchObject({ recommendedItems: { 3: 'unheard-of' }, scores: { 3: null } });
    },
  );
});

describe('a line', () => {
  it('is written to the byte as the specification says', async () => {
    const recipe = 'aws-user-personalization';
    const model = await openModel(await jobs.model(recipe));
    const { items, scores = [] } = await model.recommend({ userId: 'u7', count: 2 });
    const rounded = scores.map((score) => Number((score ?? 0).toFixed(7)));
    expect(await jobs.outputOf(recipe, ['{"userId":"u7"}'], { count: 2 })).toBe(
      `{"input":{"userId":"u7"},"output":{"recommendedItems":["${items.join('","')}"],"scores":[${rounded.join(',')}]},"error":null}\n`,
    );
    expect(await jobs.outputOf('aws-sims', ['{"itemId":""}'])).toBe(
      '{"input":{"itemId":""},"output":null,"error":"The line has no itemId; lines for aws-sims look like {\\"itemId\\":\\"i7\\"}."}\n',
    );
  });

  it('that says too little, too much or the wrong thing is an error, and the others are answered', async () => {
    const errorsOf = async (recipe: string, lines: readonly (object | string)[]) =>
      (await jobs.outputLines(recipe, lines)).map(({ output, error }) => error ?? output.recommendedItems.length);
    const long = 'u'.repeat(257);
    expect(
      await errorsOf('aws-user-personalization', [
        { userId: 'u7', more: [1] },
        { itemId: 'i3' },
        {},
        { userId: null },
        { userId: 7 },
        { userId: long },
        { userId: 'u7', context: { DEVICE: 1 } },
        { userId: 'u7', context: { DEVICE: 'tv' } },
        { userId: 'ü'.repeat(256) },
      ]),
    ).toEqual([
      10,
      'The line has itemId and no userId; lines for aws-user-personalization look like {"userId":"u7"}.',
      'The line has no userId; lines for aws-user-personalization look like {"userId":"u7"}.',
      'The line has no userId; lines for aws-user-personalization look like {"userId":"u7"}.',
      'userId must be of JSON type string.',
      expect.stringMatching(
        /at 'userId' failed to satisfy constraint: Member must have length less than or equal to 256$/,
      ),
      'context.DEVICE must be of JSON type string.',
      10,
      10,
    ]);
    const many = Array.from({ length: 21 }, (_, n) => `i${n}`);
    expect(
      await errorsOf('aws-personalized-ranking', [
        { userId: 'u7' },
        { userId: 'u7', itemList: [] },
        { userId: 'u7', itemList: many },
        { userId: 'u7', itemList: ['i1', 7] },
        { itemList: ['i1'] },
        { userId: 'u7', itemList: many.slice(1) },
      ]),
    ).toEqual([
      expect.stringMatching(/^itemList must name at least one item; .* \{"userId":"u7","itemList":\["i1","i2"\]\}\.$/),
      expect.stringMatching(/^itemList must name at least one item/),
      'itemList must name no more than 20 items.',
      'itemList must hold ids, texts of at most 256 characters.',
      expect.stringMatching(/^The line has no userId; lines for aws-personalized-ranking look like/),
      20,
    ]);
  });
});

describe('a filter', () => {
  it('takes values from each line, and says which lines lack them', async () => {
    const recipe = 'aws-user-personalization';
    const model = await openModel(await jobs.model(recipe));
    const options = await filtered('INCLUDE ItemID WHERE Items.GENRE IN ($G) IF CurrentUser.TIER = "child"');
    const outputs = await jobs.outputLines(
      recipe,
      [
        { userId: 'u7', filterValues: { G: '"genre2","genre3"' } },
        { userId: 'u7' },
        { userId: 'u8', filterValues: { G: '"genre2"' } },
        { userId: 'u7', filterValues: { G: '"genre2' } },
        { userId: 'u7', filterValues: { G: 'nothing' } },
      ],
      options,
    );
    const eligible = maskWhere(model.items.size, (item) => /[23]$/.test(genreOf(model.items.id(item))));
    const all = maskWhere(model.items.size, () => true);
    expect(outputs[0].output).toEqual(outputOf(await model.recommend({ userId: 'u7', count: 10, eligible })));
    expect(outputs[1].error).toBe(
      'filterValues does not fit the filter. The filter needs a value for the parameter G in filterValues.',
    );
    expect(outputs[2].output).toEqual(outputOf(await model.recommend({ userId: 'u8', count: 10, eligible: all })));
    expect(outputs[3].error).toMatch(/^filterValues does not fit the filter\. .* quote that is not closed/);
    expect(outputs[4].output).toEqual({ recommendedItems: [], scores: [] });
  });

  it('knows what users did, and what each line is beside', async () => {
    const watched = await filtered('EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")');
    const [line] = await jobs.outputLines('aws-user-personalization', [{ userId: 'u6' }], { ...watched, count: 500 });
    const clusters = line.output.recommendedItems.map(clusterOfItem);
    expect(clusters.filter((cluster: number) => cluster === 0).length).toBeLessThan(5);
    expect(clusters.length).toBeGreaterThan(60);
    const beside = await filtered('INCLUDE ItemID WHERE Items.GENRE = CurrentItem.GENRE');
    const [one, unfit] = await jobs.outputLines('aws-sims', [{ itemId: 'i3' }, { itemId: 'nothing' }], beside);
    expect(one.output.recommendedItems.map(genreOf)).toEqual(Array(10).fill('genre3'));
    expect(unfit.output).toEqual({ recommendedItems: [] });
    const [unnamed] = await jobs.outputLines('aws-sims', [{ itemId: 'i3' }], watched);
    expect(unnamed.error).toBe('The filter is about what a user has or did; give the userId in the line.');
    const [named] = await jobs.outputLines('aws-sims', [{ itemId: 'i3', userId: 'u3' }], watched);
    expect(named.output.recommendedItems).toHaveLength(10);
  });

  it('leaves items of a list out that is to be ranked', async () => {
    const some = await filtered('INCLUDE ItemID WHERE Items.GENRE = "genre1"');
    const [two, none] = await jobs.outputLines(
      'aws-personalized-ranking',
      [
        { userId: 'u7', itemList: ['i1', 'i2', 'i7', 'new'] },
        { userId: 'u7', itemList: ['i2'] },
      ],
      some,
    );
    expect(two.output.recommendedItems.toSorted()).toEqual(['i1', 'i7']);
    expect(none).toMatchObject({ output: { recommendedItems: [], scores: [] }, error: null });
  });

  it('fills a short list of v2 with items that the model does not know, and says why', async () => {
    const { filter } = await filtered('INCLUDE ItemID WHERE Items.GENRE = "new"');
    const items = { ...filter.items, files: [...filter.items.files, await jobs.newItem('i99', 'new')] };
    const [line] = await jobs.outputLines('aws-user-personalization-v2', [{ userId: 'u7' }], {
      filter: { ...filter, items },
      givesReasons: true,
    });
    expect(line.output).toEqual({ recommendedItems: ['i99'], scores: [null], reasons: [['Popular item']] });
  });
});

it('gives each list a title, and its items the order in which they fit it', async () => {
  const { items } = await jobs.datasets();
  const themes = { ...items, itemName: 'NAME' };
  const lines = [{ itemId: 'i3' }, { userId: 'u7' }, { itemId: 'i4' }];
  const text = await jobs.outputOf('aws-similar-items', lines, { themes });
  const [plain] = await jobs.outputLines('aws-similar-items', lines);
  const [one, wrong, other] = text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
  expect(Object.keys(one.output)).toEqual(['recommendedItems', 'theme', 'itemsThemeRelevanceScores']);
  expect(one.output.recommendedItems.toSorted()).toEqual(plain.output.recommendedItems.toSorted());
  expect(one.output.theme).toMatch(/^[^.\n]{1,60}$/);
  const relevances: number[] = one.output.itemsThemeRelevanceScores;
  expect(relevances).toHaveLength(10);
  expect(relevances).toEqual(relevances.toSorted((some, least) => least - some));
  expect(wrong.error).toMatch(/^The line has userId and no itemId/);
  expect(other.output.recommendedItems).toHaveLength(10);
});

it('answers by what users have done since the training', async () => {
  const recipe = 'aws-user-personalization';
  const model = await openModel(await jobs.model(recipe));
  const { interactions } = await jobs.datasets();
  const seen: [string, string][] = [
    ['u7', 'i4'],
    ['u7', 'i10'],
    ['newcomer', 'i2'],
  ];
  const files = [...interactions.files, await jobs.streamed(seen)];
  const histories = { schema: interactions.schema, files, limit: 500, sessionsSince: 0, after: 3, events: [] };
  const lines = await jobs.outputLines(recipe, [{ userId: 'u7' }, { userId: 'newcomer' }, { userId: 'u8' }], {
    histories,
  });
  const asked = async (userId: string, ...items: string[]) => {
    const recent = { items, timestamps: Float64Array.from(items, (_, n) => 1_700_000_000 + n), columns: new Map() };
    return outputOf(await model.recommend({ userId, count: 10, streamed: { user: { userId, recent } } }));
  };
  expect(lines[0].output).toEqual(await asked('u7', 'i4', 'i10'));
  expect(lines[1].output).toEqual(await asked('newcomer', 'i2'));
  expect(lines[0].output).not.toEqual(outputOf(await model.recommend({ userId: 'u7', count: 10 })));
  expect(lines[2].output).toEqual(outputOf(await model.recommend({ userId: 'u8', count: 10 })));
});

describe('exploration', () => {
  const lines = Array.from({ length: 30 }, (_, n) => ({ userId: `u${n % 7}` }));

  async function explore(more: object = {}) {
    const { interactions, items } = await jobs.datasets();
    const files = [...items.files, await jobs.newItem('i99', 'new')];
    const exploration = { rate: 0.5, itemAgeSeconds: 86_400, interactions, items: { ...items, files } };
    return await jobs.outputOf('aws-user-personalization-v2', lines, { exploration, givesReasons: true, ...more });
  }

  it('puts new items among others, and says so', async () => {
    const outputs = (await explore()).split('\n').slice(0, -1);
    const explored = outputs
      .map((line) => JSON.parse(line).output)
      .filter(({ recommendedItems }) => recommendedItems.includes('i99'));
    expect(explored.length).toBeGreaterThan(5);
    for (const { recommendedItems, reasons, scores } of explored) {
      const position = recommendedItems.indexOf('i99');
      expect(reasons).toEqual(recommendedItems.map((id: string) => (id === 'i99' ? ['Exploration'] : [])));
      expect(scores[position]).toBeGreaterThan(0);
      expect(recommendedItems).toHaveLength(10);
    }
  });

  it('depends on the seed and the position of a line alone, however a file is cut', async () => {
    const whole = await explore();
    expect(await explore({ cuts: [100, 101, 333] })).toBe(whole);
    expect(await explore({ seed: 2 })).not.toBe(whole);
    const outputs = whole.split('\n').map((line) => line.slice(line.indexOf('"output"')));
    // One user comes several times, and is not shown the same each time.
    expect(new Set(outputs).size).toBeGreaterThan(12);
  });
});

it('fails in a sentence for a model that answers no lines, and for a filter of users', async () => {
  await expect(jobs.outputOf('aws-item-affinity', [{ itemId: 'i3' }])).rejects.toThrow(
    'The recipe aws-item-affinity recommends no items to lines of a batch inference job.',
  );
  const { filter } = await filtered('INCLUDE UserID WHERE Users.TIER = "gold"');
  await expect(jobs.outputOf('aws-sims', [{ itemId: 'i3' }], { filter })).rejects.toThrow(
    'The filter is about UserID; a batch inference job needs one about ItemID.',
  );
});

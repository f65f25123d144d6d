import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Output } from '../../src/contract/operations.ts';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

type Explained = Output<'Explain'>;

let server: ServerProcess;
let campaigns: Record<'first' | 'v2' | 'ranking' | 'related' | 'popular', string>;
let trackingId: string;
let itemsArn: string;

const itemsSchema = JSON.stringify({
  type: 'record',
  name: 'Items',
  namespace: 'com.amazonaws.personalize.schema',
  fields: [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TITLE', type: ['null', 'string'] },
    { name: 'GENRE', type: ['null', 'string'], categorical: true },
  ],
  version: '1.0',
});

const genres = { a: 'Comedy', b: 'Drama' } as const;
const tastes = ['a', 'b'] as const;
const titled = tastes.flatMap((taste) =>
  Array.from({ length: 40 }, (_, n) => `${taste}${n},The ${genres[taste]} ${n},${genres[taste]}`),
);

beforeAll(async () => {
  server = await startServerProcess({ options: ['--quota', 'campaignsPerDatasetGroup=6'] });
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const group = await create.datasetGroup('films');
  const bring = async (type: string, schema: string, csv: string) => {
    const arn = await create.dataset(group, type, type, schema);
    const location = await putObject(server.buckets, 'films', `${type}.csv`, csv);
    expect((await create.importJob(await create.startImport(arn, type, location)))?.status).toBe('ACTIVE');
    return arn;
  };
  await bring('Interactions', schemas.interactions, twoTastes({ usersATaste: 30 }));
  itemsArn = await bring('Items', itemsSchema, `ITEM_ID,TITLE,GENRE\n${titled.join('\n')}\n`);
  const tracker = await personalize.createEventTracker({ name: 'web', datasetGroupArn: group });
  const { eventTrackerArn } = tracker;
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);
  trackingId = tracker.trackingId ?? '';
  const deployed = async (name: string, recipe: string) => {
    const version = await create.version(await create.startVersion(await create.solution(group, name, recipe)));
    expect(version?.status, version?.failureReason).toBe('ACTIVE');
    const weight = recipe === 'aws-user-personalization' && { itemExplorationConfig: { explorationWeight: '0' } };
    return await create.campaign(name, version?.solutionVersionArn ?? '', weight || undefined);
  };
  campaigns = {
    first: await deployed('first', 'aws-user-personalization'),
    v2: await deployed('v2', 'aws-user-personalization-v2'),
    ranking: await deployed('ranking', 'aws-personalized-ranking'),
    related: await deployed('related', 'aws-sims'),
    popular: await deployed('popular', 'aws-popularity-count'),
  };
});
afterAll(() => server?.[Symbol.asyncDispose]());

async function explain(input: Record<string, string | number>): Promise<Explained> {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(input)) parameters.set(name, String(value));
  const answer = await fetch(`${server.url}/admin/explain?${parameters}`);
  expect(answer.status).toBe(200);
  return (await answer.json()) as Explained;
}

const begun = Date.now();

/** A newcomer who watched these, an hour apart. */
async function watch(userId: string, watched: readonly (string | undefined)[]): Promise<void> {
  const eventList = watched.flatMap((itemId, n) =>
    itemId ? [{ itemId, eventType: 'watch', sentAt: new Date(begun - 3_600_000 * (watched.length - n)) }] : [],
  );
  await eventsClient(server.url).putEvents({ trackingId, userId, sessionId: `session-${userId}`, eventList });
}

async function recommended(campaignArn: string, userId: string, numResults: number) {
  const { itemList = [] } = await clients(server.url).runtime.getRecommendations({ campaignArn, userId, numResults });
  return new Map(itemList.map(({ itemId = '', score }) => [itemId, score]));
}

const sumOf = (parts: Explained['items'][number]['parts'] = []) => parts.reduce((sum, { value }) => sum + value, 0);

describe.each(['first', 'v2'] as const)('the list of a campaign: %s', (name) => {
  it('is explained with the scores of the answer, as sums of parts', async () => {
    const { items, summary } = await explain({ campaignArn: campaigns[name], userId: 'ua3', numResults: 20 });
    const answer = await recommended(campaigns[name], 'ua3', 80);
    const own = items.filter(({ origin }) => origin === 'model');
    expect(own.length).toBeGreaterThan(10);
    for (const { itemId, title, score, logit = 0, logSum = 0, parts } of own) {
      expect(score).toBeCloseTo(answer.get(itemId) ?? -1, 6);
      expect(Math.exp(logit - logSum)).toBeCloseTo(score ?? 0, 6);
      expect(sumOf(parts)).toBeCloseTo(logit, 4);
      expect(title).toMatch(/^The (Comedy|Drama) \d+$/);
    }
    expect(own.map(({ score }) => score)).toEqual(own.map(({ score }) => score).toSorted((a = 0, b = 0) => b - a));
    expect(summary[0]).toMatch(
      /^The list is made from 20 interactions of the training and 0 events since of user ua3\.$/,
    );
  });

  it('says what a request without an interaction answers', async () => {
    const watched = ['a1', 'a2', 'b3', 'a4', 'a5'];
    await watch(`whole-${name}`, watched);
    const whole = await explain({ campaignArn: campaigns[name], userId: `whole-${name}`, numResults: 50 });
    expect(whole.history).toMatchObject({ kept: 0, recent: 5 });
    for (const missing of ['a4', 'b3']) {
      const userId = `without-${missing}-${name}`;
      await watch(
        userId,
        watched.map((id) => (id === missing ? undefined : id)),
      );
      const without = await explain({ campaignArn: campaigns[name], userId, numResults: 50 });
      let compared = 0;
      for (const { itemId, logit, score } of without.items) {
        const cause = whole.items
          .find((item) => item.itemId === itemId && item.origin === 'model')
          ?.causes?.find((each) => each.itemId === missing);
        if (!cause || logit === undefined || score === undefined) continue;
        const { logit: wholeLogit = 0 } = whole.items.find((item) => item.itemId === itemId) ?? {};
        expect(wholeLogit - logit).toBeCloseTo(cause.change, 4);
        expect(cause.scoreWithout).toBeCloseTo(score, 6);
        expect(sumOf(cause.parts)).toBeCloseTo(cause.change, 4);
        expect(cause.title).toMatch(/^The (Comedy|Drama) [34]$/);
        compared++;
      }
      expect(compared).toBeGreaterThan(10);
    }
  });
});

it('explains what metadata adds where the recipe learns from it, by the records of this moment', async () => {
  await clients(server.url).personalize.describeDataset({ datasetArn: itemsArn });
  const properties = JSON.stringify({ title: 'Another title', genre: 'Comedy' });
  await eventsClient(server.url).putItems({ datasetArn: itemsArn, items: [{ itemId: 'a0', properties }] });
  const { items } = await explain({ campaignArn: campaigns.v2, userId: 'ua3', numResults: 50 });
  expect(items.find(({ itemId }) => itemId === 'a0')?.title).toBe('Another title');
  const named = new Set(items.flatMap(({ parts = [] }) => parts.map(({ name }) => name)));
  expect([...named]).toEqual(expect.arrayContaining(['encoder', 'metadata', 'popularity', 'base']));
});

it('tells of a user without interactions that popularity decides', async () => {
  const { summary, items } = await explain({ campaignArn: campaigns.first, userId: 'nobody' });
  expect(summary[0]).toContain('The model knows no interactions of user nobody');
  expect(items).toHaveLength(5);
  for (const { causes, parts } of items) {
    expect(causes).toEqual([]);
    expect(parts?.filter(({ value }) => value !== 0).map(({ name }) => name)).toEqual(['popularity', 'base']);
  }
});

it('explains rankings and lists without scores', async () => {
  const inputList = ['b1', 'a1', 'unheard-of'];
  const { personalizedRanking = [] } = await clients(server.url).runtime.getPersonalizedRanking({
    campaignArn: campaigns.ranking,
    userId: 'ua3',
    inputList,
  });
  const ranked = await explain({ campaignArn: campaigns.ranking, userId: 'ua3', inputList: JSON.stringify(inputList) });
  expect(ranked.items.map(({ itemId, score }) => ({ itemId, ...(score !== undefined && { score }) }))).toEqual(
    personalizedRanking,
  );
  expect(ranked.items.at(-1)).toMatchObject({ itemId: 'unheard-of', origin: 'filling' });
  const related = await explain({ campaignArn: campaigns.related, itemId: 'a1' });
  expect(related.items[0]).toMatchObject({ origin: 'related', rank: 1 });
  expect(related.items[0]?.why).toBe('Number 1 of the items of those who had The Comedy 1 (a1).');
  expect((await explain({ campaignArn: campaigns.related, itemId: 'none' })).items[1]).toMatchObject({
    origin: 'popular',
    rank: 2,
  });
  expect((await explain({ campaignArn: campaigns.popular })).items.map(({ rank }) => rank)).toEqual([1, 2, 3, 4, 5]);
});

it('says which items exploration has put there, with the score of an item that nobody has had', async () => {
  const { personalize } = clients(server.url);
  const { campaign } = await personalize.describeCampaign({ campaignArn: campaigns.first });
  const campaignConfig = { itemExplorationConfig: { explorationWeight: '1' } };
  const version = campaign?.solutionVersionArn ?? '';
  const always = await steps({ personalize }).campaign('always', version, campaignConfig);
  const properties = JSON.stringify({ title: 'Brand new', genre: 'Comedy' });
  await eventsClient(server.url).putItems({ datasetArn: itemsArn, items: [{ itemId: 'fresh', properties }] });
  let item: Explained['items'][number] | undefined;
  const lookForFresh = async () => {
    const { items, exploration } = await explain({ campaignArn: always, userId: 'ua3', numResults: 10 });
    item = items.find(({ itemId, origin }) => itemId === 'fresh' && origin === 'exploration');
    return item && exploration?.rate;
  };
  await expect.poll(lookForFresh).toBe(1);
  expect(item?.title).toBe('Brand new');
  expect(item?.why).toMatch(/^Exploration has put it here/);
  expect(Math.exp((item?.logit ?? 0) - (item?.logSum ?? 0))).toBeCloseTo(item?.score ?? 1, 6);
  expect(sumOf(item?.parts)).toBeCloseTo(item?.logit ?? Number.NaN, 4);
});

describe('filters and promotions', () => {
  let filterArn: string;
  beforeAll(async () => {
    const { personalize } = clients(server.url);
    const { datasetGroups = [] } = await personalize.listDatasetGroups({});
    const filterExpression =
      'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE) | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")';
    const created = await personalize.createFilter({
      name: 'unseen',
      datasetGroupArn: datasetGroups[0]?.datasetGroupArn,
      filterExpression,
    });
    filterArn = created.filterArn ?? '';
    await active(async () => (await personalize.describeFilter({ filterArn })).filter);
    await watch('filtered', ['a1', 'a2', 'b1']);
  });

  const filterValues = { GENRE: '"Drama"' };

  it('says how many items each clause removes, and explains the filtered list', async () => {
    const { runtime } = clients(server.url);
    const request = { campaignArn: campaigns.first, userId: 'filtered', numResults: 5, filterArn };
    const { itemList = [] } = await runtime.getRecommendations({ ...request, filterValues });
    const explained = await explain({ ...request, filterValues: JSON.stringify(filterValues) });
    expect(explained.items.map(({ itemId, score }) => ({ itemId, score }))).toEqual(itemList);
    for (const { score = 0, logit = 0, logSum = 0, parts } of explained.items) {
      expect(Math.exp(logit - logSum)).toBeCloseTo(score, 6);
      expect(sumOf(parts)).toBeCloseTo(logit, 4);
    }
    expect(explained.filter).toEqual({
      filterArn,
      items: 80,
      clauses: [
        {
          text: 'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE)',
          ...{ state: 'in force', matches: 40, removed: 40, left: 40 },
        },
        {
          text: 'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch")',
          ...{ state: 'in force', matches: 3, removed: 1, left: 39 },
        },
      ],
    });
    expect(explained.summary.slice(1, 4)).toEqual([
      'The filter lets pass 39 of the model’s 80 items.',
      'INCLUDE ItemID WHERE Items.GENRE IN ($GENRE): 40 items meet it; it removes 40, and 40 are left.',
      'EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("watch"): 3 items meet it; it removes 1, and 39 are left.',
    ]);
  });

  it('says which items are promoted, with scores among those that the promotion may choose from', async () => {
    const promotions = [{ name: 'drama', percentPromotedItems: 40, filterArn, filterValues }];
    const { items, promotion, summary } = await explain({
      campaignArn: campaigns.first,
      userId: 'filtered',
      promotions: JSON.stringify(promotions),
    });
    expect(items).toHaveLength(5);
    const promoted = items.filter(({ origin }) => origin === 'promotion');
    expect(promoted.map(({ title }) => title)).toEqual([
      expect.stringMatching(/^The Drama/),
      expect.stringMatching(/^The Drama/),
    ]);
    expect(promotion).toMatchObject({ promoted: 2, filter: { clauses: [{ left: 40 }, { left: 39 }] } });
    expect(new Set(items.map(({ logSum }) => logSum)).size).toBe(2);
    for (const { score = 0, logit = 0, logSum = 0 } of items) expect(Math.exp(logit - logSum)).toBeCloseTo(score, 6);
    expect(summary.join(' ')).toContain('2 of the items are promoted, chosen from 39 of the model’s 80 items');
  });

  it('drops items of a ranking, and says what is wrong with a filter', async () => {
    const ranked = await explain({
      campaignArn: campaigns.ranking,
      userId: 'filtered',
      inputList: JSON.stringify(['a3', 'b3', 'b1']),
      filterArn,
      filterValues: JSON.stringify(filterValues),
    });
    expect(ranked.items.map(({ itemId, score }) => [itemId, score])).toEqual([['b3', 1]]);
    expect(ranked.summary).toContain('The filter drops a3, b1.');
    const parameters = new URLSearchParams({ campaignArn: campaigns.first, userId: 'filtered', filterArn });
    const answer = await fetch(`${server.url}/admin/explain?${parameters}`);
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('needs a value for the parameter GENRE');
  });

  it('are options of the command', async () => {
    const program = runOpenPersonalize([
      ...['explain', '--endpoint', server.url, '--campaign', campaigns.first, '--user', 'filtered'],
      ...['--filter', filterArn, '--filter-values', JSON.stringify(filterValues)],
      ...['--promote', '20', '--promotion-filter', filterArn, '--promotion-values', '{"GENRE":"\\"Comedy\\""}'],
    ]);
    await once(program.process, 'close');
    expect(program.errors()).toBe('');
    expect(program.output()).toContain('it removes 1, and 39 are left.');
    expect(program.output()).toContain('1 of the items is promoted, chosen from 38 of');
    expect(program.output()).toMatch(/The Comedy \d+ \(a\d+\) {3}score \S+ {3}promoted/);
  });
});

describe('openpersonalize explain', () => {
  async function run(...parameters: string[]) {
    const program = runOpenPersonalize(['explain', ...parameters]);
    const [code] = await once(program.process, 'close');
    return { code, output: program.output(), errors: program.errors() };
  }

  it('says in words and numbers why a list is as it is', async () => {
    await watch('reader', ['a1', 'a2', 'a3']);
    const asked = ['--endpoint', server.url, '--campaign', campaigns.first, '--user', 'reader', '--results', '3'];
    const { output, errors, code } = await run(...asked);
    expect([errors, code]).toEqual(['', 0]);
    expect(output).toContain('0 interactions of the training and 3 events since of user reader');
    expect(output).toMatch(/^ {2}1\. The Comedy \d+ \(a\d+\) {3}score 0\.\d{7}$/m);
    expect(output).toMatch(/because of The Comedy [123] \(a[123]\), \d hours? ago \(× \d\.\d\d: without it the/);
    expect(output).toMatch(/logit -?\d+\.\d{3} = factors/);
    const { items } = JSON.parse((await run(...asked, '--json')).output);
    expect(items).toHaveLength(3);
  });

  it('runs as docs/explain.md has it', async () => {
    await watch('ua3-reader', ['a1', 'a2']);
    const page = await readFile(join(import.meta.dirname, '../../docs/explain.md'), 'utf8');
    const [, command = ''] = /```sh\nnpm run explain -- ([^`]*)```/.exec(page) ?? [];
    const parameters = command.replaceAll(/\\\n/g, ' ').trim().split(/\s+/);
    const { output, errors, code } = await run('--endpoint', server.url, ...parameters);
    expect([errors, code]).toEqual(['', 0]);
    expect(output).toContain('  3. ');
  });

  it('says in a sentence what is wrong', async () => {
    const none = 'arn:aws:personalize:us-east-1:000000000000:campaign/none';
    const wrong = async (...parameters: string[]) => (await run(...parameters)).errors.trim();
    expect(await wrong('--endpoint', server.url, '--campaign', none, '--user', 'u')).toBe(
      `Resource Arn ${none} does not exist.`,
    );
    expect(await wrong('--endpoint', server.url, '--campaign', campaigns.first)).toBe(
      'userId is required for recipes of type USER_PERSONALIZATION.',
    );
    expect(await wrong('--endpoint', server.url, '--campaign', campaigns.ranking, '--user', 'u')).toBe(
      'inputList is required for campaigns that rank.',
    );
    expect(await wrong('--endpoint', 'http://127.0.0.1:9', '--campaign', none)).toBe(
      'No server answers at http://127.0.0.1:9: start it, or name another with --endpoint.',
    );
  });
});

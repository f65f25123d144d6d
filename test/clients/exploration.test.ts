import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bringFilms, type Films, shareWith, visiting } from '../support/exploring-films.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

let home: string;
let server: ServerProcess;
let films: Films;
let campaigns: { always: string; never: string; v2: string };
let visitor: ReturnType<typeof visiting>;

const options = ['--propensities'];
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-exploration-'));
  server = await startServerProcess({ home, options });
  films = await bringFilms(server);
  const v1 = await films.version('v1', 'aws-user-personalization');
  campaigns = {
    always: await films.campaign('always', v1, { explorationWeight: '1' }),
    never: await films.campaign('never', v1, { explorationWeight: '0' }),
    v2: await films.campaign('v2', await films.version('v2', 'aws-user-personalization-v2')),
  };
  visitor = visiting(server.url, films);
});

afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

/** Waits until a visitor's answers are explored, which begins a moment after a campaign is first asked. */
async function untilExplored({ lists }: typeof visitor, campaignArn: string, id: string): Promise<void> {
  await expect.poll(async () => shareWith(id, await lists(campaignArn, 10))).toBeGreaterThan(0);
}

test('a new item is recommended at once where exploration has a weight, and never without', async () => {
  await visitor.putItem('fresh');
  await untilExplored(visitor, campaigns.always, 'fresh');
  await visitor.lists(campaigns.v2, 1);
  await visitor.putItem('fresher');
  expect(shareWith('fresher', await visitor.lists(campaigns.always, 30))).toBeGreaterThan(0);
  const plain = await visitor.lists(campaigns.never, 30);
  expect(plain.flat().filter((id) => id.startsWith('fresh'))).toEqual([]);
  expect(await visitor.lists(campaigns.never, 30)).toEqual(plain);
});

test('items of an import are explored, too', async () => {
  await films.addItems('ITEM_ID,GENRE\nimported,Comedy\n');
  await untilExplored(visitor, campaigns.always, 'imported');
});

test('v2 says which items exploration brought, v1 does not', async () => {
  const reasons = new Map<string, string[]>();
  for (let n = 0; n < 400 && !reasons.has('fresh'); n++) {
    const { itemList = [] } = await visitor.ask(campaigns.v2, `ua${n % 50}`, 80);
    for (const { itemId = '', reason } of itemList) if (reason) reasons.set(itemId, reason);
  }
  expect(reasons.get('fresh')).toEqual(['Exploration']);
  expect([...new Set([...reasons.values()].flat())]).toEqual(['Exploration']);
  const { itemList = [] } = await visitor.ask(campaigns.always, 'ua1', 25);
  expect(itemList.filter(({ reason }) => reason !== undefined)).toEqual([]);
  expect(itemList.filter(({ score }) => score === undefined)).toEqual([]);
});

test('what users do with the lists decides over what is explored, also after a restart', async () => {
  // The first event of today makes what came with the interactions of 2023 old, and these are to be young.
  await visitor.watch('ub1', 'a0', {});
  await visitor.putItem('good');
  await visitor.putItem('bad');
  const before = await visitor.lists(campaigns.always, 40);
  expect(shareWith('good', before)).toBeGreaterThan(0.1);
  expect(shareWith('bad', before)).toBeGreaterThan(0.1);
  // Explicit impressions, in which somebody prefers another item to the bad one …
  for (let n = 0; n < 40; n++) await visitor.watch(`ub${n}`, 'a0', { impression: ['bad', 'a0', 'a1'] });
  // … and implicit ones: every user who is shown the good one takes it.
  let taken = 0;
  for (let n = 0; n < 200 && taken < 20; n++) {
    const { itemList = [], recommendationId } = await visitor.ask(campaigns.always, `ub${n % 50}`);
    if (!itemList.some(({ itemId }) => itemId === 'good')) continue;
    taken++;
    await visitor.watch(`ub${n % 50}`, 'good', { recommendationId });
  }
  expect(taken).toBe(20);
  await visitor.watch('ub1', 'a0', { recommendationId: 'RID-unknown' });

  const heeded = async () => {
    const after = await visitor.lists(campaigns.always, 40);
    expect(shareWith('good', after)).toBeGreaterThan(0.9);
    expect(shareWith('bad', after)).toBeLessThan(0.05);
  };
  await heeded();
  await server.stop();
  server = await startServerProcess({ home, options });
  visitor = visiting(server.url, films);
  await untilExplored(visitor, campaigns.always, 'good');
  await heeded();
});

test('decisions are written down with their probabilities', async () => {
  const { recommendationId, itemList = [] } = await visitor.ask(campaigns.always, 'ua7', 5);
  await server.stop();
  const folder = join(home, 'propensities');
  const lines: { readonly recommendationId: string; readonly itemId: string; readonly probability: number }[] = [];
  for (const file of await readdir(folder)) {
    const text = await readFile(join(folder, file), 'utf8');
    lines.push(
      ...text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }
  const own = lines.filter((line) => line.recommendationId === recommendationId);
  expect(own.map(({ itemId }) => itemId)).toEqual(itemList.map(({ itemId }) => itemId));
  expect(own[0]).toMatchObject({ campaignArn: campaigns.always, userId: 'ua7', rate: 1, place: 0 });
  for (const { probability } of lines) {
    expect(probability).toBeGreaterThan(0);
    expect(probability).toBeLessThanOrEqual(1);
  }
});

test('servers on one PostgreSQL explore the items of each other, and know its answers', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const shared = await mkdtemp(join(tmpdir(), 'openpersonalize-shared-'));
  opened.defer(() => rm(shared, { recursive: true, force: true }));
  const buckets = join(shared, 'buckets');
  const database = await postgres.freshDatabase();
  const places = ['--database', database, '--store', join(shared, 'store'), '--buckets', buckets];
  const one = opened.use(await startServerProcess({ options: places }));
  const other = opened.use(await startServerProcess({ options: places }));
  const theirs = await bringFilms({ url: one.url, buckets });
  const version = await theirs.version('v1', 'aws-user-personalization');
  const campaignArn = await theirs.campaign('always', version, { explorationWeight: '1' });
  const [here, there] = [visiting(one.url, theirs), visiting(other.url, theirs)];
  await here.putItem('fresh');
  for (const visitorOfOne of [here, there]) await untilExplored(visitorOfOne, campaignArn, 'fresh');

  await here.putItem('bad');
  await expect.poll(async () => shareWith('bad', await there.lists(campaignArn, 20))).toBeGreaterThan(0);
  const shown: { user: string; recommendationId: string | undefined; another: string }[] = [];
  for (let n = 0; n < 1500 && shown.length < 60; n++) {
    const user = `ub${n % 50}`;
    const { itemList = [], recommendationId } = await here.ask(campaignArn, user, 5);
    const ids = itemList.map(({ itemId = '' }) => itemId);
    const another = ids.find((id) => id !== 'bad') ?? '';
    if (ids.includes('bad')) shown.push({ user, recommendationId, another });
  }
  expect(shown).toHaveLength(60);
  await sleep(1000);
  for (const { user, recommendationId, another } of shown) await there.watch(user, another, { recommendationId });
  await expect.poll(async () => shareWith('bad', await here.lists(campaignArn, 20))).toBeLessThan(0.1);
});

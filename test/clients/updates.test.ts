import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bringFilms, type Films, visiting } from '../support/exploring-films.ts';
import { clients } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';

/** A second, in hours. */
const options = ['--update-hours', '0.0003'];
const patience = { interval: 200 };

let home: string;
let server: ServerProcess;
let films: Films;
let visitor: ReturnType<typeof visiting>;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-updates-'));
  server = await startServerProcess({ home, options });
  films = await bringFilms(server);
  visitor = visiting(server.url, films);
});
afterAll(async () => {
  await server?.stop();
  await rm(home, { recursive: true, force: true });
});

/** Score of an item in what a user is recommended without exploration; 0 if it is not there. */
async function scoreFor(userId: string, itemId: string, campaignArn: string): Promise<number> {
  const { itemList = [] } = await visitor.ask(campaignArn, userId, 200);
  const own = itemList.filter(({ reason }) => !reason?.includes('Exploration'));
  return own.find((item) => item.itemId === itemId)?.score ?? 0;
}

const shown = async (campaignArn: string) => {
  const { campaign } = await clients(server.url).personalize.describeCampaign({ campaignArn });
  return { version: campaign?.solutionVersionArn, status: campaign?.status, update: campaign?.latestCampaignUpdate };
};

test('an item that nobody has had is ranked by its metadata after an update of v2', async () => {
  const campaignArn = await films.campaign('v2', await films.version('v2', 'aws-user-personalization-v2'));
  await visitor.putItem('comedy');
  const score = (userId: string) => scoreFor(userId, 'comedy', campaignArn);
  await expect.poll(() => score('ua61'), patience).toBeGreaterThan(0);
  expect(await score('ua61')).toBeGreaterThan(await score('ub61'));
});

test('an item that some have watched is recommended to their like after an update, and after a restart', async () => {
  const version = await films.version('v1', 'aws-user-personalization');
  const campaignArn = await films.campaign('v1', version, { explorationWeight: '0' });
  const before = await shown(campaignArn);
  await visitor.putItem('watched');
  for (let user = 0; user < 30; user++) await visitor.watch(`ua${user}`, 'watched', {});
  const score = (userId: string) => scoreFor(userId, 'watched', campaignArn);
  await expect.poll(() => score('ua60'), patience).toBeGreaterThan(0);
  expect(await score('ua60')).toBeGreaterThan(await score('ub60'));
  expect(await shown(campaignArn)).toEqual(before);
  await server.stop();
  server = await startServerProcess({ home, options });
  visitor = visiting(server.url, films);
  expect(await score('ua60')).toBeGreaterThan(0);
});

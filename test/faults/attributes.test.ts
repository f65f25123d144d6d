import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-attributes-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('a filter knows the items that a killed server has acknowledged, from the first request on', async () => {
  let server = await startServerProcess({ home });
  const { itemsArn, ask } = await deployed(server);
  const all = await ask(server);
  expect(all.length).toBeGreaterThan(20);

  // The best of the list go out of stock one after another, until the server dies.
  const acknowledged: string[] = [];
  const events = eventsClient(server.url);
  const putting = (async () => {
    for (const itemId of all) {
      const items = [{ itemId, properties: JSON.stringify({ genre: 'gone' }) }];
      const isTaken = await events.putItems({ datasetArn: itemsArn, items }).then(
        () => true,
        () => false,
      );
      if (!isTaken) return;
      acknowledged.push(itemId);
    }
  })();
  while (acknowledged.length < 10) await sleep(1);
  await server.kill('SIGKILL');
  await putting;

  server = await startServerProcess({ home });
  const left = await ask(server);
  expect(left.filter((itemId) => acknowledged.includes(itemId))).toEqual([]);
  expect(left.length).toBeGreaterThan(0);
  await server.stop();
});

/** A campaign with a filter of items that are gone. */
async function deployed(server: ServerProcess) {
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const location = await putObject(server.buckets, 'data', 'interactions.csv', twoTastes());
  const group = await create.datasetGroup('films');
  const itemsArn = await create.dataset(group, 'Items', 'items', schemas.items);
  const interactions = await create.dataset(group, 'Interactions', 'interactions', schemas.interactions);
  await create.importJob(await create.startImport(interactions, 'first', location));
  const version = await create.startVersion(await create.solution(group, 'popular', 'aws-popularity-count'));
  await create.version(version);
  const campaignArn = await create.campaign('popular', version);
  const filterExpression = 'EXCLUDE ItemID WHERE Items.GENRE IN ("gone")';
  const { filterArn } = await personalize.createFilter({ name: 'in-stock', datasetGroupArn: group, filterExpression });
  await active(async () => (await personalize.describeFilter({ filterArn })).filter);
  return {
    itemsArn,
    async ask({ url }: ServerProcess) {
      const { runtime } = clients(url);
      const asked = { campaignArn, userId: 'ua0', filterArn, numResults: 80 };
      return ((await runtime.getRecommendations(asked)).itemList ?? []).map(({ itemId }) => itemId ?? '');
    },
  };
}

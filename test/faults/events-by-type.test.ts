import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../src/data/database/database.ts';
import { openStore } from '../../src/data/objects/open-store.ts';
import { RecordLog } from '../../src/data/records/record-log.ts';
import { EventsByTypeView } from '../../src/data/views/events-by-type/events-by-type-view.ts';
import { FollowedView } from '../../src/data/views/followed-view.ts';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

let home: string;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-events-'));
});
afterAll(() => rm(home, { recursive: true, force: true }));

test('events that a killed server has acknowledged count for filters, those of sessions too', async () => {
  const server = await startServerProcess({ home });
  const { personalize } = clients(server.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const { eventTrackerArn, trackingId = '' } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);

  const events = eventsClient(server.url);
  const acknowledged: string[] = [];
  const callers = [{ userId: 'u1' }, {}].map(async (caller, n) => {
    for (let item = 0; ; item++) {
      const itemId = `${n}-${item}`;
      const eventList = [{ eventType: 'Buy', itemId, sentAt: new Date() }];
      const isTaken = await events.putEvents({ trackingId, sessionId: `s${n}`, ...caller, eventList }).then(
        () => true,
        () => false,
      );
      if (!isTaken) return;
      acknowledged.push(itemId);
    }
  });
  while (!['0-10', '1-10'].every((itemId) => acknowledged.includes(itemId))) await sleep(1);
  await server.kill('SIGKILL');
  await Promise.all(callers);

  const held = await itemsIn(datasetArn);
  expect(acknowledged.filter((itemId) => !held.has(itemId))).toEqual([]);
});

/** The items of both callers, as a server that starts on the home has them. */
async function itemsIn(datasetArn: string): Promise<ReadonlySet<string>> {
  const opened = await openDatabase({ file: join(home, 'openpersonalize.db') });
  const records = new RecordLog({ ...opened, clock: { now: () => Date.now() }, log: console });
  try {
    const followed = await FollowedView.open({
      database: opened.database,
      store: await openStore({ folder: join(home, 'store') }),
      records,
      workFolder: join(home, 'work'),
      view: new EventsByTypeView({ datasetArn, types: 'any', limit: 1_000_000, sessionsSince: 0 }),
      sources: [{ arn: datasetArn, rows: 'all' }],
      signal: new AbortController().signal,
      onGap() {},
    });
    using _ = followed;
    const { events } = followed.view;
    const found = ['u1', 's1'].flatMap((id) => [...(events.find(id).get('buy') ?? [])]);
    return new Set(found.map((index) => events.itemId(index)));
  } finally {
    await records.stop();
    await opened.close();
  }
}

import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { active, clients, eventsClient, steps } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { runOpenPersonalize, startServerProcess } from '../support/server.ts';
import { schemas } from '../support/two-tastes.ts';

test('a second server on the same home refuses to start, and the first goes on', async () => {
  await using first = await startServerProcess();
  const second = runOpenPersonalize(['start', '--port', '0', '--home', first.home]);
  const [code] = await once(second.process, 'close');
  expect(code).not.toBe(0);
  expect(second.output()).not.toContain('is listening');
  expect(second.errors()).toContain(first.home);
  expect(second.errors()).not.toContain('    at ');

  const { personalize } = clients(first.url);
  await steps({ personalize }).datasetGroup('still-here');
});

test('servers on one PostgreSQL take the events of one tracker, and each knows those of the other', async (context) => {
  const postgres = await startPostgres();
  if (!postgres) return context.skip("PostgreSQL's programs are missing");
  await using opened = new AsyncDisposableStack();
  opened.defer(() => postgres.stop());
  const store = await mkdtemp(join(tmpdir(), 'openpersonalize-store-'));
  opened.defer(() => rm(store, { recursive: true, force: true }));
  const options = ['--database', await postgres.freshDatabase(), '--store', store];
  const one = opened.use(await startServerProcess({ options }));
  const other = opened.use(await startServerProcess({ options }));

  const { personalize } = clients(one.url);
  const create = steps({ personalize });
  const datasetGroupArn = await create.datasetGroup('films');
  await create.dataset(datasetGroupArn, 'Interactions', 'films', schemas.interactions);
  const { eventTrackerArn, trackingId } = await personalize.createEventTracker({ name: 'web', datasetGroupArn });
  await active(async () => (await personalize.describeEventTracker({ eventTrackerArn })).eventTracker);

  const put = (url: string, eventId: string) =>
    eventsClient(url).putEvents({
      trackingId,
      sessionId: 's1',
      userId: 'u1',
      eventList: [{ eventId, eventType: 'watch', itemId: `i-${eventId}`, sentAt: new Date() }],
    });
  for (const eventId of ['e1', 'e3']) {
    await put(one.url, eventId);
    await put(other.url, eventId === 'e1' ? 'e2' : 'e3');
  }
  for (const { url } of [one, other]) {
    const { events }: { events: { eventId: string; outcome: string }[] } = JSON.parse(
      await (await fetch(`${url}/admin/events`)).text(),
    );
    const told = events.toReversed().map(({ eventId, outcome }) => `${eventId} ${outcome}`);
    expect(told).toEqual(['e1 counted', 'e2 counted', 'e3 counted', 'e3 repeated']);
  }
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clients, eventsClient } from '../support/personalize.ts';
import { startPostgres } from '../support/postgres.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes } from '../support/two-tastes.ts';

const rounds = 20;
const quotas = ['datasetGroups', 'solutionsPerDatasetGroup', 'unfinishedImportJobs', 'unfinishedSolutionVersions'];
const options = quotas.flatMap((name) => ['--quota', `${name}=1000`]);

const postgres = await startPostgres();
const store = await mkdtemp(join(tmpdir(), 'openpersonalize-store-'));
afterAll(async () => {
  await postgres?.stop();
  await rm(store, { recursive: true, force: true });
});

/** One server, or two on one database, so that each call goes to another node than the one before. */
const set = [
  { name: 'one server on SQLite', nodes: 1, missing: false, optionsOf: async (): Promise<string[]> => options },
  {
    name: 'two servers on one PostgreSQL',
    nodes: 2,
    missing: postgres === undefined,
    async optionsOf() {
      const database = (await postgres?.freshDatabase()) ?? '';
      return [...options, '--database', database, '--store', store];
    },
  },
];

describe.each(set)('$name', ({ nodes, missing, optionsOf }) => {
  let servers: ServerProcess[] = [];
  let location: string;
  beforeAll(async () => {
    if (missing) return;
    const given = await optionsOf();
    for (let node = 0; node < nodes; node++) servers.push(await startServerProcess({ options: given }));
    for (const { buckets } of servers) location = await putObject(buckets, 'films', 'interactions.csv', twoTastes());
  });
  afterAll(async () => {
    for (const server of servers) await server[Symbol.asyncDispose]();
    servers = [];
  });

  /** The clients of the node whose turn it is. */
  let turn = 0;
  const next = () => {
    const { url = '' } = servers[turn++ % servers.length] ?? {};
    return { ...clients(url), events: eventsClient(url) };
  };
  const personalize = () => next().personalize;

  const dataset = async (name: string, datasetGroupArn: string | undefined, datasetType: 'Interactions' | 'Items') => {
    const schema = datasetType === 'Items' ? schemas.items : schemas.interactions;
    const { schemaArn } = await personalize().createSchema({ name, schema });
    const { datasetArn } = await personalize().createDataset({ name, schemaArn, datasetGroupArn, datasetType });
    return { schemaArn, datasetArn };
  };
  const event = () => ({ eventType: 'watch', itemId: 'a1', sentAt: new Date() });
  const put = (trackingId: string | undefined) =>
    next().events.putEvents({ trackingId, userId: 'u', sessionId: 's', eventList: [event()] });
  const missingResource = expect.objectContaining({ name: 'ResourceNotFoundException' });
  const refusedInput = expect.objectContaining({ name: 'InvalidInputException' });
  const recipeArn = 'arn:aws:personalize:::recipe/aws-sims';

  test(`every step of a tutorial follows the one before at once, ${rounds} times`, async (context) => {
    if (missing) return context.skip("PostgreSQL's programs are missing");
    for (let round = 0; round < rounds; round++) {
      const name = `films-${round}`;
      const { datasetGroupArn } = await personalize().createDatasetGroup({ name });
      const { trackingId } = await personalize().createEventTracker({ name, datasetGroupArn });
      // Each node is notified now that events have no target.
      for (let node = 0; node < nodes; node++) await expect(put(trackingId)).rejects.toEqual(refusedInput);
      const interactions = await dataset(name, datasetGroupArn, 'Interactions');
      await put(trackingId);
      const { datasetArn } = await dataset(`${name}-items`, datasetGroupArn, 'Items');
      const items = [{ itemId: 'a1', properties: JSON.stringify({ genre: 'Drama' }) }];
      await next().events.putItems({ datasetArn, items });
      await personalize().createDatasetImportJob({
        jobName: name,
        datasetArn: interactions.datasetArn,
        dataSource: { dataLocation: location },
      });
      const { solutionArn } = await personalize().createSolution({ name, datasetGroupArn, recipeArn });
      const { solutionVersionArn } = await personalize().createSolutionVersion({ solutionArn });
      await personalize().stopSolutionVersionCreation({ solutionVersionArn });
    }
  });

  test(`every step of cleaning up, and building the same again, too, ${rounds} times`, async (context) => {
    if (missing) return context.skip("PostgreSQL's programs are missing");
    for (let round = 0; round < rounds; round++) {
      const { datasetGroupArn } = await personalize().createDatasetGroup({ name: 'again' });
      const { datasetArn, schemaArn } = await dataset('again', datasetGroupArn, 'Interactions');
      const tracker = await personalize().createEventTracker({ name: 'again', datasetGroupArn });
      await put(tracker.trackingId);
      const { solutionArn } = await personalize().createSolution({ name: 'again', datasetGroupArn, recipeArn });
      await personalize().deleteSolution({ solutionArn });
      await expect(personalize().describeSolution({ solutionArn })).rejects.toEqual(missingResource);
      await personalize().deleteEventTracker({ eventTrackerArn: tracker.eventTrackerArn });
      await personalize().deleteDataset({ datasetArn });
      await expect(personalize().describeDataset({ datasetArn })).rejects.toEqual(missingResource);
      await personalize().deleteSchema({ schemaArn });
      await personalize().deleteDatasetGroup({ datasetGroupArn });
      const { datasetGroups = [] } = await personalize().listDatasetGroups({});
      expect(datasetGroups.filter((group) => group.name === 'again')).toEqual([]);
    }
  });
});

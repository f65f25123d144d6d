import { PutObjectCommand, paginateListObjectsV2 } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../src/data/database/database.ts';
import { s3Client } from '../../src/data/objects/s3-store.ts';
import { type Moto, startMoto } from '../support/moto.ts';
import { active, clients, gone, steps } from '../support/personalize.ts';
import { type Postgres, startPostgres } from '../support/postgres.ts';
import { isAlive, type ServerProcess, startServerProcess } from '../support/server.ts';
import { schemas, twoTastes } from '../support/two-tastes.ts';

// Two servers whose state is all outside of them, in PostgreSQL and S3: what one does the other shows, and what one
// leaves undone the other does.

const postgres: Postgres | undefined = await startPostgres();
const moto: Moto | undefined = await startMoto();
afterAll(() => Promise.all([postgres?.stop(), moto?.stop()]));

describe.skipIf(!postgres || !moto)('two servers over PostgreSQL and S3', () => {
  let tables: OpenDatabase;
  let one: ServerProcess;
  let other: ServerProcess;

  beforeAll(async () => {
    const url = (await postgres?.freshDatabase()) ?? '';
    for (const bucket of ['films', 'server']) await moto?.createBucket(bucket);
    const places = ['--database', url, '--store', 's3://server/its/place', '--s3-endpoint', moto?.url ?? ''];
    one = await startServerProcess({ options: places });
    other = await startServerProcess({ options: places });
    tables = await openDatabase({ url });
  });
  afterAll(async () => {
    for (const server of [one, other]) await server?.[Symbol.asyncDispose]();
    await tables?.close();
  });

  const s3 = s3Client(moto?.url);

  async function put(key: string, lines: readonly string[]): Promise<void> {
    await s3.send(new PutObjectCommand({ Bucket: 'films', Key: key, Body: `${lines.join('\n')}\n` }));
  }

  async function keysOf(bucket: string): Promise<string[]> {
    const keys: string[] = [];
    for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket })) {
      keys.push(...Contents.flatMap(({ Key }) => Key ?? []));
    }
    return keys;
  }

  /** Puts the interactions into files: two of a folder, and one with the newest. */
  async function putInteractions() {
    const [header = '', ...rows] = twoTastes().trimEnd().split('\n');
    await put('all/1.csv', [header, ...rows.slice(0, 1000)]);
    await put('all/2.csv', [header, ...rows.slice(1000, 2000)]);
    await put('more.csv', [header, ...rows.slice(2000)]);
    return rows.length;
  }

  async function rowsOf(datasetArn: string): Promise<number> {
    const files = await tables.database
      .selectFrom('dataset_files')
      .select('rows')
      .where('dataset_arn', '=', datasetArn)
      .execute();
    return files.reduce((sum, { rows }) => sum + Number(rows), 0);
  }

  /** A dataset group with interactions, imported in whole and then in part. */
  async function imported(create: ReturnType<typeof steps>, name: string) {
    const rows = await putInteractions();
    const datasetGroupArn = await create.datasetGroup(name);
    const datasetArn = await create.dataset(datasetGroupArn, 'Interactions', name, schemas.interactions);
    const jobs = [
      { name: 'first', mode: 'FULL', location: 's3://films/all/', inAll: 2000 },
      { name: 'again', mode: 'FULL', location: 's3://films/all/', inAll: 2000 },
      { name: 'more', mode: 'INCREMENTAL', location: 's3://films/more.csv', inAll: rows },
    ] as const;
    for (const { location, mode, inAll, ...job } of jobs) {
      const started = await create.startImport(datasetArn, `${name}-${job.name}`, location, mode);
      const ended = await create.importJob(started);
      expect(ended?.status, ended?.failureReason).toBe('ACTIVE');
      expect(await rowsOf(datasetArn)).toBe(inAll);
    }
    return { datasetGroupArn, datasetArn };
  }

  test('what goes through one shows on the other, and nothing is left of what is deleted', async () => {
    const [here, there] = [clients(one.url), clients(other.url)];
    const { personalize } = here;
    const create = steps(here);
    const { datasetGroupArn, datasetArn } = await imported(create, 'films');
    const trained = async (name: string, recipe: string) => {
      const solutionArn = await create.solution(datasetGroupArn, name, recipe);
      const solutionVersionArn = await create.startVersion(solutionArn);
      const version = await create.version(solutionVersionArn);
      expect(version?.status, version?.failureReason).toBe('ACTIVE');
      return { solutionArn, solutionVersionArn };
    };
    const personal = await trained('personal', 'aws-user-personalization');
    const popular = await trained('popular', 'aws-popularity-count');

    const campaignArn = await create.campaign('front-page', personal.solutionVersionArn);
    const recommend = (userId?: string) =>
      there.runtime
        .getRecommendations({ campaignArn, userId, numResults: 10 })
        .then(({ itemList = [] }) => itemList.map(({ itemId = '' }) => itemId), nameOf);
    const ofTaste = await recommend('ua3');
    expect(ofTaste).toHaveLength(10);
    expect([...ofTaste].filter((item) => item.startsWith('a')).length).toBeGreaterThanOrEqual(8);
    // Popularity alone answers without a user.
    expect(await recommend()).toBe('InvalidInputException');

    await personalize.updateCampaign({ campaignArn, solutionVersionArn: popular.solutionVersionArn });
    const describeThere = async () => (await there.personalize.describeCampaign({ campaignArn })).campaign;
    await active(async () => (await describeThere())?.latestCampaignUpdate);
    await expect.poll(() => recommend()).toHaveLength(10);

    await personalize.deleteCampaign({ campaignArn });
    await gone(() => there.personalize.describeCampaign({ campaignArn }));
    await expect.poll(() => recommend()).toBe('ResourceNotFoundException');

    for (const { solutionArn } of [personal, popular]) {
      await personalize.deleteSolution({ solutionArn });
      await gone(() => there.personalize.describeSolution({ solutionArn }));
    }
    await personalize.deleteDataset({ datasetArn });
    await gone(() => there.personalize.describeDataset({ datasetArn }));
    const { schemas: left = [] } = await there.personalize.listSchemas({});
    for (const { schemaArn } of left) await personalize.deleteSchema({ schemaArn });
    await personalize.deleteDatasetGroup({ datasetGroupArn });
    await gone(() => there.personalize.describeDatasetGroup({ datasetGroupArn }));

    await expect.poll(() => keysOf('server')).toEqual(['its/place/openpersonalize.json']);
    const { database } = tables;
    const rows = {
      resources: await database.selectFrom('resources').select('kind').distinct().execute(),
      jobs: await database.selectFrom('jobs').select('kind').execute(),
      files: await database.selectFrom('dataset_files').select('key').execute(),
      tags: await database.selectFrom('tags').selectAll().execute(),
    };
    // Import jobs go with their dataset, versions with their solution.
    expect(rows).toEqual({ resources: [], jobs: [], files: [], tags: [] });
    expect((await keysOf('films')).sort()).toEqual(['all/1.csv', 'all/2.csv', 'more.csv']);
  });

  test('when one is killed in a training, the other takes it over', async () => {
    const create = steps(clients(one.url));
    const { datasetGroupArn } = await imported(create, 'taken-over');
    const solutionArn = await create.solution(datasetGroupArn, 'taken-over', 'aws-user-personalization');
    const solutionVersionArn = await create.startVersion(solutionArn);
    // Either may have been the first to look at the queue.
    const trainersOf = async () => ({ ofOne: await one.children(), ofOther: await other.children() });
    let trainers = await trainersOf();
    while (trainers.ofOne.length + trainers.ofOther.length === 0) trainers = await trainersOf();
    const [killed, left] = trainers.ofOne.length > 0 ? [one, other] : [other, one];
    await killed.kill('SIGKILL');

    const survivor = clients(left.url);
    const describeVersion = async () =>
      (await survivor.personalize.describeSolutionVersion({ solutionVersionArn })).solutionVersion;
    expect((await describeVersion())?.status).toBe('CREATE IN_PROGRESS');
    // The lease of a node that is silent runs for 30 seconds.
    await active(describeVersion, 60_000);
    expect([...trainers.ofOne, ...trainers.ofOther].filter(isAlive)).toEqual([]);
    const campaignArn = await steps(survivor).campaign('taken-over', solutionVersionArn);
    expect((await survivor.runtime.getRecommendations({ campaignArn, userId: 'ub3' })).itemList).toHaveLength(25);
  });
});

const nameOf = (error: unknown) => (error instanceof Error ? error.name : String(error));

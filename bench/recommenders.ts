import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Domain } from '../src/data/dataset-types.ts';
import { readDescription } from '../src/learn/model/model-folder.ts';
import { openModel } from '../src/learn/model/open-model.ts';
import { clients, settled } from '../test/support/personalize.ts';
import { avro } from '../test/support/two-tastes.ts';
import type { Size } from './generated-interactions.ts';
import { secondsWithEndedChildren } from './processes/processor-time.ts';
import { writeDomainInteractions, writeVideos } from './recommenders/shop-data.ts';
import type { BenchOptions, BenchResult } from './result.ts';
import { startServerProcess } from './serving/server-process.ts';

const full: Size = { users: 5_000, items: 3_000, interactions: 100_000 };
const quick: Size = { users: 400, items: 200, interactions: 8_000 };
/** From CreateRecommender to ACTIVE. */
const budgetSeconds = 90;
const startBudgetSeconds = 10;

const useCases: Readonly<Record<Domain, readonly string[]>> = {
  ECOMMERCE: [
    'aws-ecomm-recommended-for-you',
    'aws-ecomm-popular-items-by-views',
    'aws-ecomm-popular-items-by-purchases',
    'aws-ecomm-frequently-bought-together',
    'aws-ecomm-customers-who-viewed-x-also-viewed',
  ],
  VIDEO_ON_DEMAND: [
    'aws-vod-top-picks',
    'aws-vod-because-you-watched-x',
    'aws-vod-more-like-x',
    'aws-vod-most-popular',
    'aws-vod-trending-now',
  ],
};
/** Those that the budget is for. */
const personal = ['aws-ecomm-recommended-for-you', 'aws-vod-top-picks'];

type Api = ReturnType<typeof clients>;

/**
 * How long recommenders take until they are ACTIVE, and one until it answers again after a stop; and what ten of one
 * dataset group hold in memory, two of each use case.
 */
export async function benchRecommenders({ quick: isQuick }: BenchOptions): Promise<BenchResult[]> {
  const size = isQuick ? quick : full;
  const home = await mkdtemp(join(tmpdir(), 'recommenders-'));
  const server = await startServerProcess(['--home', home, '--quota', 'recommendersPerDatasetGroup=10']);
  try {
    const api = clients(server.url);
    const results: BenchResult[] = [];
    const data = `${size.interactions.toLocaleString('en')} interactions of ${size.users.toLocaleString('en')} users with ${size.items.toLocaleString('en')} items`;
    for (const domain of ['VIDEO_ON_DEMAND', 'ECOMMERCE'] as const) {
      const group = await prepare(api, home, domain, size);
      for (const recipe of useCases[domain]) {
        const usedBefore = await secondsWithEndedChildren(server.pid);
        const value = await create(api, group, recipe, `first-${recipe}`);
        const used = (await secondsWithEndedChildren(server.pid)) - usedBefore;
        const limit = personal.includes(recipe) ? { limit: budgetSeconds } : {};
        const detail = `${data}; ${used.toFixed(0)} s of processor time`;
        results.push({ name: `recommenders: ${recipe} is ACTIVE after`, value, unit: 's', ...limit, detail });
      }
      if (domain === 'ECOMMERCE') {
        for (const recipe of useCases[domain]) await create(api, group, recipe, `second-${recipe}`);
        results.push(await restarted(api, group), ...(await memory(api, server.url, group, home)));
      }
    }
    return results;
  } finally {
    await server.stop();
    await rm(home, { recursive: true, force: true });
  }
}

async function prepare({ personalize }: Api, home: string, domain: Domain, size: Size): Promise<string> {
  const name = domain.toLowerCase().replaceAll('_', '-');
  const { datasetGroupArn } = await personalize.createDatasetGroup({ name, domain });
  const bucket = join(home, 'buckets', name);
  await mkdir(bucket, { recursive: true });
  const types = domain === 'ECOMMERCE' ? { usual: 'View', rare: 'Purchase' } : { usual: 'Watch', rare: 'Click' };
  await writeDomainInteractions(join(bucket, 'Interactions.csv'), size, types);
  const datasets: [string, string][] = [['Interactions', interactions]];
  if (domain === 'VIDEO_ON_DEMAND') {
    await writeVideos(join(bucket, 'Items.csv'), size);
    datasets.push(['Items', videos]);
  }
  for (const [datasetType, schema] of datasets) {
    const { schemaArn } = await personalize.createSchema({ name: `${name}-${datasetType}`, schema, domain });
    const { datasetArn } = await personalize.createDataset({ name, datasetGroupArn, datasetType, schemaArn });
    const dataSource = { dataLocation: `s3://${name}/${datasetType}.csv` };
    const { datasetImportJobArn } = await personalize.createDatasetImportJob({
      jobName: `${name}-${datasetType}`,
      datasetArn,
      dataSource,
      roleArn: 'arn:aws:iam::000000000000:role/bench',
    });
    const job = await settled(
      async () => (await personalize.describeDatasetImportJob({ datasetImportJobArn })).datasetImportJob,
    );
    if (job?.status !== 'ACTIVE') throw new Error(`The import ended ${job?.status}: ${job?.failureReason}`);
  }
  return datasetGroupArn ?? '';
}

/** @returns seconds until it is ACTIVE */
async function create({ personalize }: Api, datasetGroupArn: string, recipe: string, name: string): Promise<number> {
  const began = performance.now();
  const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
  const { recommenderArn = '' } = await personalize.createRecommender({ name, datasetGroupArn, recipeArn });
  await becomes(personalize, recommenderArn, 'ACTIVE');
  return (performance.now() - began) / 1000;
}

async function becomes(personalize: Api['personalize'], recommenderArn: string, wanted: string): Promise<void> {
  const ended = await settled(async () => (await personalize.describeRecommender({ recommenderArn })).recommender);
  if (ended?.status !== wanted) throw new Error(`${recommenderArn} is ${ended?.status}: ${ended?.failureReason}`);
}

async function restarted({ personalize, runtime }: Api, datasetGroupArn: string): Promise<BenchResult> {
  const { recommenders = [] } = await personalize.listRecommenders({ datasetGroupArn });
  const recommenderArn = recommenders.find(({ name }) => name === `first-${personal[0]}`)?.recommenderArn ?? '';
  await personalize.stopRecommender({ recommenderArn });
  await becomes(personalize, recommenderArn, 'INACTIVE');
  const began = performance.now();
  await personalize.startRecommender({ recommenderArn });
  await becomes(personalize, recommenderArn, 'ACTIVE');
  await runtime.getRecommendations({ recommenderArn, userId: 'user-1' });
  return {
    name: 'recommenders: a stopped one answers again after',
    value: (performance.now() - began) / 1000,
    unit: 's',
    limit: startBudgetSeconds,
    detail: `${personal[0]}, from StartRecommender to its first answer`,
  };
}

/** What is held once each recommender has answered. */
async function memory(
  { personalize, runtime }: Api,
  url: string,
  datasetGroupArn: string,
  home: string,
): Promise<BenchResult[]> {
  const { recommenders = [] } = await personalize.listRecommenders({ datasetGroupArn });
  for (const { recommenderArn } of recommenders) {
    await runtime.getRecommendations({ recommenderArn, userId: 'user-1', itemId: 'item-1' });
  }
  await sleep(6000); // views are looked at every five seconds
  const gauges = await readGauges(url);
  const arns = new Set(recommenders.map(({ recommenderArn }) => recommenderArn));
  const models = gauges.filter(({ name, labels }) => name.endsWith('_deployment_bytes') && arns.has(labels.campaign));
  const isOfGroup = (arn = '') => arns.has(arn) || arn.includes(datasetGroupArn.replace(/.*dataset-group/, ''));
  const views = gauges.filter(({ name, labels }) => name.endsWith('_view_bytes') && isOfGroup(labels.resource));
  const mebibytes = (values: typeof gauges) => values.reduce((sum, { value }) => sum + value, 0) / 2 ** 20;
  const kinds = [...new Set(views.map(({ labels }) => labels.view ?? ''))].sort();
  const perRecipe = useCases.ECOMMERCE.map((recipe) => {
    const own = models.filter(({ labels }) => labels.campaign?.endsWith(recipe));
    return `${recipe.replace('aws-ecomm-', '')} ${(mebibytes(own) / own.length).toFixed(2)}`;
  });
  const apart = await bytesApart(join(home, 'store/models'));
  return [
    {
      name: `recommenders: models of ${models.length} of one group`,
      value: mebibytes(models),
      unit: 'MiB',
      ratio: mebibytes(models) / (apart / 2 ** 20),
      detail: `beside ${(apart / 2 ** 20).toFixed(2)} MiB if each held its own ids; each of ${perRecipe.join(', ')}`,
    },
    ...kinds.map((kind) => {
      const of = views.filter(({ labels }) => labels.view === kind);
      return { name: `recommenders: view ${kind}`, value: mebibytes(of), unit: 'MiB', detail: `${of.length} held` };
    }),
  ];
}

/** What the same models would hold if each had its ids for itself. */
async function bytesApart(models: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(models, { recursive: true, withFileTypes: true })) {
    if (entry.name !== 'model.json') continue;
    const { recipe } = await readDescription(entry.parentPath);
    if (useCases.ECOMMERCE.includes(recipe)) bytes += (await openModel(entry.parentPath)).bytes;
  }
  return bytes;
}

type GaugeLine = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string | undefined>>;
  readonly value: number;
};

async function readGauges(url: string): Promise<GaugeLine[]> {
  const text = await (await fetch(`${url}/metrics`)).text();
  return text.split('\n').flatMap((line) => {
    const [, name, labels = '', value] = /^(\w+)\{(.*)\} (\S+)$/.exec(line) ?? [];
    if (name === undefined) return [];
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const);
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }];
  });
}

const text = (name: string) => ({ name, type: 'string' });
const time = (name: string) => ({ name, type: 'long' });
const interactions = avro('Interactions', [text('USER_ID'), text('ITEM_ID'), text('EVENT_TYPE'), time('TIMESTAMP')]);
const videos = avro('Items', [text('ITEM_ID'), { ...text('GENRES'), categorical: true }, time('CREATION_TIMESTAMP')]);

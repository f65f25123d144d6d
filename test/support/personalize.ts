import { setTimeout as sleep } from 'node:timers/promises';
import { type CampaignConfig, Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import type { Keys } from './access-keys.ts';

/** The AWS SDK's clients, set up as anybody would, but for the endpoint. */
export function clients(url: string, keys?: Keys) {
  const settings = settingsFor(url, keys);
  return { personalize: new Personalize(settings), runtime: new PersonalizeRuntime(settings) };
}

export const eventsClient = (url: string) => new PersonalizeEvents(settingsFor(url));

const settingsFor = (url: string, credentials: Keys = { accessKeyId: 'any', secretAccessKey: 'any' }) => ({
  endpoint: url,
  region: 'us-east-1',
  credentials,
  maxAttempts: 1,
});

type Described = { readonly status?: string | undefined; readonly failureReason?: string | undefined } | undefined;

/** Polls until a resource is neither pending nor in progress, and gives what it became. */
export async function settled<D extends Described>(describe: () => Promise<D>, withinMs = 600_000): Promise<D> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const described = await describe();
    if (!/PENDING|IN_PROGRESS|STOPPING/.test(described?.status ?? '')) return described;
    if (Date.now() > deadline) throw new Error(`Still ${described?.status} after ${withinMs} ms.`);
    await sleep(50);
  }
}

/** The same for a resource that must become ACTIVE. */
export async function active<D extends Described>(describe: () => Promise<D>, withinMs?: number): Promise<D> {
  const described = await settled(describe, withinMs);
  if (described?.status !== 'ACTIVE') throw new Error(`${described?.status}: ${described?.failureReason}`);
  return described;
}

/** Polls until Describe… answers that there is no such resource. */
export async function gone(describe: () => Promise<unknown>, withinMs = 600_000): Promise<void> {
  const deadline = Date.now() + withinMs;
  while (Date.now() < deadline) {
    try {
      await describe();
    } catch (error) {
      if (error instanceof Error && error.name === 'ResourceNotFoundException') return;
      throw error;
    }
    await sleep(50);
  }
  throw new Error(`Still there after ${withinMs} ms.`);
}

/** Steps of the way from data to a campaign, each waiting for its end and giving the ARN. */
export function steps({ personalize }: Pick<ReturnType<typeof clients>, 'personalize'>) {
  const arnOf = (arn: string | undefined) => {
    if (arn === undefined) throw new Error('The answer has no ARN.');
    return arn;
  };
  return {
    async datasetGroup(name: string): Promise<string> {
      const datasetGroupArn = arnOf((await personalize.createDatasetGroup({ name })).datasetGroupArn);
      await active(async () => (await personalize.describeDatasetGroup({ datasetGroupArn })).datasetGroup);
      return datasetGroupArn;
    },
    async dataset(datasetGroupArn: string, datasetType: string, name: string, schema: string): Promise<string> {
      const { schemaArn } = await personalize.createSchema({ name, schema });
      const created = await personalize.createDataset({ name, datasetGroupArn, schemaArn, datasetType });
      const datasetArn = arnOf(created.datasetArn);
      await active(async () => (await personalize.describeDataset({ datasetArn })).dataset);
      return datasetArn;
    },
    /** Starts an import and does not wait. */
    async startImport(
      datasetArn: string,
      jobName: string,
      dataLocation: string,
      importMode: 'FULL' | 'INCREMENTAL' = 'FULL',
    ): Promise<string> {
      const job = { jobName, datasetArn, dataSource: { dataLocation }, importMode };
      return arnOf((await personalize.createDatasetImportJob(job)).datasetImportJobArn);
    },
    async importJob(datasetImportJobArn: string) {
      return settled(
        async () => (await personalize.describeDatasetImportJob({ datasetImportJobArn })).datasetImportJob,
      );
    },
    async solution(datasetGroupArn: string, name: string, recipe: string, solutionConfig = {}): Promise<string> {
      const recipeArn = `arn:aws:personalize:::recipe/${recipe}`;
      const settings = { name, datasetGroupArn, recipeArn, performAutoTraining: false, solutionConfig };
      const solutionArn = arnOf((await personalize.createSolution(settings)).solutionArn);
      await active(async () => (await personalize.describeSolution({ solutionArn })).solution);
      return solutionArn;
    },
    /** Starts a training and does not wait. */
    async startVersion(solutionArn: string): Promise<string> {
      return arnOf((await personalize.createSolutionVersion({ solutionArn })).solutionVersionArn);
    },
    async version(solutionVersionArn: string) {
      return settled(async () => (await personalize.describeSolutionVersion({ solutionVersionArn })).solutionVersion);
    },
    async campaign(name: string, solutionVersionArn: string, campaignConfig?: CampaignConfig): Promise<string> {
      const settings = { name, solutionVersionArn, minProvisionedTPS: 1, campaignConfig };
      const created = await personalize.createCampaign(settings);
      const campaignArn = arnOf(created.campaignArn);
      await active(async () => (await personalize.describeCampaign({ campaignArn })).campaign);
      return campaignArn;
    },
  };
}

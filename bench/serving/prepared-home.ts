import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { createDatasetGroup } from '../../src/quickstart/dataset-groups.ts';
import { importData } from '../../src/quickstart/import-data.ts';
import { openSession } from '../../src/quickstart/steps.ts';
import { createCampaign, trainSolutions } from '../../src/quickstart/training.ts';

export type Catalogue = { readonly items: number; readonly users: number; readonly interactions: number };

/** The recipe whose serving is measured, and one whose model does next to nothing. */
export type Campaigns = { readonly personal: string; readonly popular: string };

/**
 * Imports made-up interactions with every item among them, trains both recipes and deploys them, all through the API.
 */
export async function deployCatalogue(url: string, home: string, catalogue: Catalogue): Promise<Campaigns> {
  const session = openSession(url, process.stderr);
  const run = 'bench';
  const interactionsFile = join(home, 'bench-interactions.csv');
  await writeInteractions(interactionsFile, catalogue);
  const datasetGroupArn = await createDatasetGroup(session, run);
  const data = { description: 'made up', interactionsFile, films: new Map(), viewers: [] };
  await importData(session, data, { run, datasetGroupArn, bucketsFolder: join(home, 'buckets') });
  const recipes = ['aws-user-personalization', 'aws-popularity-count'] as const;
  const [personal, popular] = await trainSolutions(session, { run, datasetGroupArn }, recipes);
  return {
    personal: await createCampaign(session, 'personal', personal.solutionVersionArn),
    popular: await createCampaign(session, 'popular', popular.solutionVersionArn),
  };
}

export const userIdOf = (user: number) => `user-${user}`;

/** Each item once, then items by a popularity that falls off as 1 / rank; users evenly. */
async function writeInteractions(path: string, { items, users, interactions }: Catalogue): Promise<void> {
  const random = uniforms(1);
  const file = createWriteStream(path);
  file.write('USER_ID,ITEM_ID,EVENT_TYPE,EVENT_VALUE,TIMESTAMP\n');
  for (let row = 0; row < interactions; row++) {
    const item = row < items ? row : Math.floor(items ** random()) - 1;
    const line = `${userIdOf(row % users)},item-${item},watch,1,${1_600_000_000 + row}\n`;
    if (!file.write(line)) await once(file, 'drain');
  }
  file.end();
  await once(file, 'finish');
}

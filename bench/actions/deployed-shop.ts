import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { createDatasetGroup } from '../../src/quickstart/dataset-groups.ts';
import { importFile } from '../../src/quickstart/import-data.ts';
import { openSession } from '../../src/quickstart/steps.ts';
import { createCampaign, trainSolutions } from '../../src/quickstart/training.ts';

export type Shop = {
  readonly users: number;
  readonly items: number;
  readonly actions: number;
  readonly interactions: number;
  /** Each is a VIEWED event and its answer. */
  readonly exposures: number;
};

const day = 86_400;
const now = 1_760_000_000;

export const shopperOf = (user: number) => `user-${user}`;

type Column = { readonly name: string; readonly type: unknown; readonly categorical?: boolean };

const text = (name: string) => ({ name, type: 'string' });
const schemas: Readonly<Record<string, readonly Column[]>> = {
  Interactions: [text('USER_ID'), text('ITEM_ID'), { name: 'TIMESTAMP', type: 'long' }],
  Users: [text('USER_ID'), { ...text('TIER'), categorical: true }, { name: 'AGE', type: 'int' }],
  Actions: [text('ACTION_ID'), { ...text('KIND'), categorical: true }, { name: 'VALUE', type: ['long', 'null'] }],
  Action_Interactions: [text('USER_ID'), text('ACTION_ID'), text('EVENT_TYPE'), { name: 'TIMESTAMP', type: 'long' }],
};

const recordOf = (type: string) => type.replace('_', '');

/** Imports a made-up shop, trains aws-next-best-action and deploys it, all through the API. */
export async function deployShop(
  url: string,
  home: string,
  shop: Shop,
): Promise<{ campaignArn: string; trainingSeconds: number }> {
  const session = openSession(url, process.stderr);
  const run = 'bench';
  const datasetGroupArn = await createDatasetGroup(session, run);
  const rows = rowsOf(shop);
  for (const [datasetType, fields] of Object.entries(schemas)) {
    const file = join(home, `${datasetType}.csv`);
    await writeRows(file, fields, rows[datasetType] ?? []);
    const schema = JSON.stringify({
      type: 'record',
      name: recordOf(datasetType),
      namespace: 'com.amazonaws.personalize.schema',
      fields,
      version: '1.0',
    });
    const destination = { run, datasetGroupArn, bucketsFolder: join(home, 'buckets') };
    await importFile(session, { datasetType, schema, file }, destination);
  }
  const began = performance.now();
  const recipes = ['aws-next-best-action'] as const;
  const [trained] = await trainSolutions(session, { run, datasetGroupArn }, recipes);
  const trainingSeconds = (performance.now() - began) / 1000;
  return { campaignArn: await createCampaign(session, 'actions', trained.solutionVersionArn), trainingSeconds };
}

type Rows = Iterable<readonly (string | number)[]>;

function rowsOf({ users, items, actions, interactions, exposures }: Shop): Readonly<Record<string, Rows>> {
  const random = uniforms(1);
  const pick = (count: number) => Math.floor(count * random());
  const range = (length: number) => Array.from({ length }, (_, n) => n);
  return {
    Interactions: range(interactions).map((n) => [shopperOf(n % users), `item-${pick(items)}`, now - pick(60 * day)]),
    Users: range(users).map((n) => [shopperOf(n), ['bronze', 'silver', 'gold'][n % 3] ?? '', 18 + pick(60)]),
    Actions: range(actions).map((n) => [`action-${n}`, `kind ${n % 8}`, 1 + pick(10)]),
    Action_Interactions: range(exposures).flatMap((n) => {
      const [user, action, time] = [shopperOf(pick(users)), `action-${n % actions}`, now - pick(40 * day)];
      const answer = random() < 0.5 ? 'Taken' : 'Not Taken';
      return [
        [user, action, 'Viewed', time],
        [user, action, answer, time + 60],
      ];
    }),
  };
}

async function writeRows(path: string, fields: readonly Column[], rows: Rows): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${fields.map(({ name }) => name).join(',')}\n`);
  for (const row of rows) if (!file.write(`${row.join(',')}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}

import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { CreateFilterCommand, DescribeFilterCommand } from '@aws-sdk/client-personalize';
import { uniforms } from '../../src/learn/kernels/random.ts';
import { createDatasetGroup } from '../../src/quickstart/dataset-groups.ts';
import { importFile } from '../../src/quickstart/import-data.ts';
import { interactionsSchema } from '../../src/quickstart/schemas.ts';
import { answered, openSession, type Session, untilActive } from '../../src/quickstart/steps.ts';
import { createCampaign, trainSolutions } from '../../src/quickstart/training.ts';

/** Made-up goods, and people who have bought some of them. */
export type Shop = {
  readonly items: number;
  readonly users: number;
  /** Of each user. */
  readonly history: number;
  readonly recipe: 'aws-user-personalization' | 'aws-popularity-count';
};

/** A campaign over a shop, with filters by name. */
export type OpenShop = {
  readonly campaignArn: string;
  readonly filters: Readonly<Record<keyof typeof expressions, string>>;
};

export const genres = Array.from({ length: 20 }, (_, n) => `genre-${n}`);
export const userIdOf = (user: number) => `user-${user}`;
/** The rarest brand is that of one item in so many. */
export const rarity = 10_000;

const expressions = {
  rules:
    'INCLUDE ItemID WHERE Items.GENRES IN ($G) AND Items.PRICE <= $MAX AND Items.YEAR >= $SINCE | EXCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("purchase")',
  rare: 'INCLUDE ItemID WHERE Items.BRAND IN ("rare")',
} as const;

const itemsSchema = JSON.stringify({
  type: 'record',
  name: 'Items',
  namespace: 'com.amazonaws.personalize.schema',
  version: '1.0',
  fields: [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'GENRES', type: ['null', 'string'], categorical: true },
    { name: 'PRICE', type: ['null', 'float'] },
    { name: 'YEAR', type: ['null', 'int'] },
    { name: 'BRAND', type: ['null', 'string'] },
  ],
});

/** Imports a shop, trains its recipe, deploys it and creates the filters, all through the API. */
export async function openShop(url: string, home: string, shop: Shop): Promise<OpenShop> {
  const session = openSession(url, process.stderr);
  const run = 'bench';
  const datasetGroupArn = await createDatasetGroup(session, run);
  const destination = { run, datasetGroupArn, bucketsFolder: join(home, 'buckets') };
  const interactionsFile = join(home, 'bench-interactions.csv');
  await write(interactionsFile, 'USER_ID,ITEM_ID,EVENT_TYPE,EVENT_VALUE,TIMESTAMP', interactionsOf(shop));
  const interactions = { datasetType: 'Interactions', schema: interactionsSchema, file: interactionsFile };
  await importFile(session, interactions, destination);
  const itemsFile = join(home, 'bench-items.csv');
  await write(itemsFile, 'ITEM_ID,GENRES,PRICE,YEAR,BRAND', itemsOf(shop));
  await importFile(session, { datasetType: 'Items', schema: itemsSchema, file: itemsFile }, destination);
  const [trained] = await trainSolutions(session, { run, datasetGroupArn }, [shop.recipe] as const);
  const campaignArn = await createCampaign(session, 'bench', trained.solutionVersionArn);
  const [rules, rare] = [
    await createFilter(session, datasetGroupArn, 'rules'),
    await createFilter(session, datasetGroupArn, 'rare'),
  ];
  return { campaignArn, filters: { rules, rare } };
}

async function createFilter(session: Session, datasetGroupArn: string, name: keyof typeof expressions) {
  const { personalize } = session;
  const created = await personalize.send(
    new CreateFilterCommand({ name, datasetGroupArn, filterExpression: expressions[name] }),
  );
  const filterArn = answered(created.filterArn, 'filterArn');
  await untilActive(session, { arn: filterArn, advice: 'Start again.' }, async () => {
    const described = await personalize.send(new DescribeFilterCommand({ filterArn }));
    return described.filter;
  });
  return filterArn;
}

/** Values of a request's placeholders, other ones for each. */
export const valuesOf = (request: number) => ({
  G: `"${genres[request % 20]}","${genres[(request + 7) % 20]}"`,
  MAX: `"${20 + (request % 50)}"`,
  SINCE: `${1990 + (request % 20)}`,
});

/** Each item once, so that all are known, then what the users bought, by a popularity that falls off as 1 / rank. */
function* interactionsOf({ items, users, history }: Shop): Generator<string> {
  const random = uniforms(1);
  let time = 1_600_000_000;
  for (let item = 0; item < items; item++) yield `${userIdOf(users + (item % users))},item-${item},view,1,${time++}`;
  for (let user = 0; user < users; user++) {
    for (let event = 0; event < history; event++) {
      const item = Math.floor(items ** random()) - 1;
      yield `${userIdOf(user)},item-${item},${event % 2 === 0 ? 'purchase' : 'view'},1,${time++}`;
    }
  }
}

function* itemsOf({ items }: Shop): Generator<string> {
  const random = uniforms(2);
  const draw = (below: number) => Math.floor(random() * below);
  for (let item = 0; item < items; item++) {
    const cell = [...new Set(Array.from({ length: 1 + draw(3) }, () => genres[draw(20)]))].join('|');
    const brand = item % rarity === 7 ? 'rare' : `brand-${draw(500)}`;
    yield `item-${item},${cell},${draw(10_000) / 100},${1950 + draw(75)},${brand}`;
  }
}

async function write(path: string, header: string, lines: Iterable<string>): Promise<void> {
  const file = createWriteStream(path);
  file.write(`${header}\n`);
  for (const line of lines) if (!file.write(`${line}\n`)) await once(file, 'drain');
  file.end();
  await once(file, 'finish');
}

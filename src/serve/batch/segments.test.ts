import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Field } from '../../data/dataset-schema.ts';
import { runTraining } from '../../learn/training/run-training.ts';
import {
  clusterOfUser,
  field,
  planted,
  plantedInteractions,
  temporaryFolder,
  unwatched,
  writeDataset,
} from '../../learn/training/training.fixture.ts';
import { serviceTrainingLimits, type TrainingInput, type TrainingRequest } from '../../learn/training/training.ts';
import { readFilter } from '../filters/checker.ts';
import type { DatasetFiles, EventFiles, LinesTask } from './batch-tasks.ts';
import type { Line, LineResult } from './line.ts';
import { runBatch } from './run-batch.ts';
import { openSegments } from './segments.ts';

let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let interactions: TrainingInput;
let items: TrainingInput;
let users: TrainingInput;

const interactionFields = [field('USER_ID'), field('ITEM_ID'), field('TIMESTAMP', 'long'), field('EVENT_TYPE')];
const userFields = [field('USER_ID'), { ...field('TIER'), categorical: true }, field('AGE', 'int')];
const itemFields = [field('ITEM_ID'), { ...field('KIND'), categorical: true }, field('WEIGHT', 'int')];
const schemas = { USERS: { fields: userFields }, INTERACTIONS: { fields: interactionFields } };
const numberOf = (userId: string) => Number(userId.slice(1));

beforeAll(async () => {
  folder = await temporaryFolder();
  const rows = plantedInteractions().map(([user, ...rest]) => [
    user ?? null,
    ...rest,
    numberOf(String(user)) % 3 === 0 ? 'Buy' : 'view',
  ]);
  interactions = await writeDataset(join(folder.path, 'interactions'), interactionFields, rows);
  const count = planted.clusters * planted.itemsPerCluster;
  const films = Array.from({ length: count }, (_, n) => [`i${n}`, `kind ${n % planted.clusters}|any`, n % 4]);
  items = await writeDataset(join(folder.path, 'items'), itemFields, films);
  // The others have no record.
  const half = Array.from({ length: planted.users / 2 }, (_, n) => [`u${n}`, n % 2 === 0 ? 'gold' : 'tin', n]);
  users = await writeDataset(join(folder.path, 'users'), userFields, half);
  for (const recipe of ['aws-item-affinity', 'aws-item-attribute-affinity', 'aws-popularity-count']) {
    await trained(recipe, join(folder.path, recipe), { interactions, items });
  }
});
afterAll(() => folder[Symbol.asyncDispose]());

async function trained(recipe: string, model: string, data: Pick<TrainingRequest, 'interactions' | 'items'>) {
  await mkdir(model);
  const parameters: Record<string, string> = recipe.includes('affinity') ? { hidden_dimension: '32' } : {};
  const request = { recipe, parameters, ...data, limits: serviceTrainingLimits };
  await runTraining({ ...request, seed: 1, workFolder: folder.path }, model, unwatched);
}

const files = ({ schema, files: paths }: { schema: { fields: readonly Field[] }; files: TrainingInput['files'] }) =>
  ({ schema, files: paths.map((path) => ({ path: String(path), through: null })) }) satisfies DatasetFiles;

type Wishes = { readonly recipe?: string; readonly count?: number; readonly filter?: string };

async function open(wishes: Wishes = {}) {
  const task = await taskOf(wishes);
  return await openSegments(task, new AbortController().signal);
}

async function taskOf({ recipe = 'aws-item-affinity', count = 20, filter }: Wishes): Promise<LinesTask> {
  const events: EventFiles = { ...files(interactions), limit: 100, sessionsSince: 0 };
  return {
    ranges: [],
    folder: folder.path,
    temporaryFolder: folder.path,
    model: join(folder.path, recipe),
    count,
    startedAt: 0,
    seed: 1,
    limits: { lineBytes: 1000 },
    ...(filter && { filter: { filter: readFilter(filter, schemas), users: files(users), interactions: events } }),
  };
}

async function score(wishes: Wishes, ...inputs: readonly Line['input'][]): Promise<(string[] | string)[]> {
  const lines = inputs.map((input, offset) => ({ input, file: 0, offset }));
  return await Promise.all((await (await open(wishes))(lines)).map(plain));
}

/** The users of a segment, or what was wrong. */
async function plain(result: LineResult): Promise<string[] | string> {
  if ('error' in result) return result.error;
  let output = 'output' in result ? result.output : '';
  if ('outputPieces' in result) for await (const piece of result.outputPieces) output += piece;
  const { usersList, ...others } = JSON.parse(output);
  expect(others).toEqual({});
  return usersList;
}

describe('lines of aws-item-affinity', () => {
  it('get the users for their item, the best first, as many as are wanted', async () => {
    const [found = [], again] = await score({}, { itemId: 'i3' }, { itemId: 'i3', note: 'kept' });
    expect(found).toHaveLength(20);
    const clusters = Array.from(found, (id) => clusterOfUser(numberOf(id)));
    expect(clusters.filter((cluster) => cluster === 3).length).toBeGreaterThan(17);
    expect(again).toEqual(found);
    const [five] = await score({ count: 5 }, { itemId: 'i3' });
    expect(five).toEqual(found.slice(0, 5));
    const [all = []] = await score({ count: 5_000_000 }, { itemId: 'i3' });
    expect(new Set(all).size).toBe(planted.users);
    expect(all.slice(0, 20)).toEqual(found);
  });

  it('say what is wrong with them, and leave the others alone', async () => {
    const results = await score(
      {},
      { itemId: 'nowhere' },
      { itemAttributes: 'ITEMS.KIND = "any"' },
      { userId: 'u1' },
      { itemId: '' },
      { itemId: 7 },
      { itemId: 'i'.repeat(257) },
      { itemId: 'i1', filterValues: { A: 7 } },
      { itemId: 'i1' },
    );
    expect(results.slice(0, 5)).toEqual([
      'Item nowhere is not in the training data.',
      'The line has itemAttributes and no itemId; lines for aws-item-affinity look like {"itemId":"i7"}.',
      'The line has no itemId; lines for aws-item-affinity look like {"itemId":"i7"}.',
      'The line has no itemId; lines for aws-item-affinity look like {"itemId":"i7"}.',
      'itemId must be a text; lines for aws-item-affinity look like {"itemId":"i7"}.',
    ]);
    expect(results[5]).toContain('itemId');
    expect(results[6]).toContain('filterValues');
    expect(results[7]).toHaveLength(20);
  });
});

describe('lines of aws-item-attribute-affinity', () => {
  const recipe = 'aws-item-attribute-affinity';

  it('get the users for items with all attributes, and nobody where there are no such items', async () => {
    const [found = [], none] = await score(
      { recipe },
      { itemAttributes: 'items.kind = "kind 5" AND ITEMS.WEIGHT = 1' },
      { itemAttributes: 'ITEMS.KIND = "kind 9"' },
    );
    const clusters = Array.from(found, (id) => clusterOfUser(numberOf(id)));
    expect(clusters.filter((cluster) => cluster === 5).length).toBeGreaterThan(17);
    expect(none).toEqual([]);
  });

  it('say what is wrong with them, and where', async () => {
    const results = await score(
      { recipe },
      { itemAttributes: 'ITEMS.KIND > "a"' },
      { itemAttributes: 'ITEMS.PLOT = "a"' },
      { itemId: 'i1' },
      { itemAttributes: ['ITEMS.KIND = "any"'] },
    );
    const example = 'lines for aws-item-attribute-affinity look like {"itemAttributes":"ITEMS.GENRE = \\"Noir\\""}';
    expect(results).toEqual([
      'Invalid itemAttributes at character 12: = is expected; attributes are compared by = alone.',
      'Invalid itemAttributes at character 7: there is no column PLOT to query; there are KIND, WEIGHT.',
      `The line has itemId and no itemAttributes; ${example}.`,
      `itemAttributes must be a text; ${example}.`,
    ]);
  });
});

describe('a filter', () => {
  it('limits segments to the users who pass it by the values of each line', async () => {
    const filter =
      'INCLUDE UserID WHERE Users.TIER IN ($T) AND Users.AGE < $MAX | EXCLUDE UserID WHERE Interactions.EVENT_TYPE IN ($E)';
    const wishes = { filter, count: 5_000_000 };
    const values = (T: string, MAX: string, E?: string) => ({
      itemId: 'i3',
      filterValues: { T, MAX, ...(E && { E }) },
    });
    const [gold, tin, noBuyers, several] = await score(
      wishes,
      values('"gold"', '50'),
      values('"tin"', '50'),
      values('"gold"', '50', '"BUY"'),
      values('"gold","tin"', '5'),
    );
    const ids = (isKept: (n: number) => boolean) =>
      Array.from({ length: 50 }, (_, n) => n)
        .filter(isKept)
        .map((n) => `u${n}`)
        .toSorted();
    const sorted = (found: string[] | string | undefined) => (Array.isArray(found) ? found.toSorted() : found);
    expect(sorted(gold)).toEqual(ids((n) => n % 2 === 0));
    expect(sorted(tin)).toEqual(ids((n) => n % 2 === 1));
    expect(sorted(noBuyers)).toEqual(ids((n) => n % 2 === 0 && n % 3 !== 0));
    expect(sorted(several)).toEqual(ids((n) => n < 5));
  });

  it('makes lines fail that lack its values', async () => {
    const filter = 'INCLUDE UserID WHERE Users.TIER IN ($T)';
    const results = await score(
      { filter },
      { itemId: 'i3' },
      { itemId: 'i3', filterValues: { T: '"gold' } },
      { itemId: 'i3', filterValues: { T: '"gold"' } },
    );
    expect(results.slice(0, 2)).toEqual([
      'filterValues does not fit the filter. The filter needs a value for the parameter T in filterValues.',
      'filterValues does not fit the filter. The value of T in filterValues has a quote that is not closed.',
    ]);
    expect(results[2]).toHaveLength(20);
  });

  it('must be about users', async () => {
    const ofItems = 'INCLUDE ItemID WHERE Interactions.EVENT_TYPE IN ("view")';
    await expect(open({ filter: ofItems })).rejects.toThrow('a batch segment job needs one about UserID');
  });
});

it('needs a model of segments', async () => {
  await expect(open({ recipe: 'aws-popularity-count' })).rejects.toThrow('makes no segments of users');
});

it('writes segments of any size into the lines of a child process', async () => {
  const [count, itemCount] = [6000, 11];
  const rows = Array.from({ length: 2 * count }, (_, n) => [`u${n % count}`, `i${(7 * n) % itemCount}`, n, 'view']);
  const many = await writeDataset(join(folder.path, 'many'), interactionFields, rows);
  await trained('aws-item-affinity', join(folder.path, 'large'), { interactions: many });
  const path = join(folder.path, 'lines.json');
  const lines = '{"itemId": "i3"}\r\n{"itemId":"nowhere"}\n\n{"itemId":"i4","note":1}';
  await writeFile(path, lines);
  const task = { ...(await taskOf({ recipe: 'large', count: 5_000_000 })), folder: join(folder.path, 'parts') };
  const range = { name: '000000', file: 0, path, begin: 0, end: lines.length };
  const kept: string[] = [];
  const keepPart = async (name: string, part: string) => {
    kept.push(name);
    await rename(part, join(folder.path, name));
  };
  await runBatch('segment', { ...task, ranges: [range] }, { progress: unwatched, keepPart });
  expect(kept).toEqual(['000000.3.1.jsonl']);
  const [first = '', failed, last = '', end] = (await readFile(join(folder.path, '000000.3.1.jsonl'), 'utf8')).split(
    '\n',
  );
  expect(failed).toBe(
    '{"input":{"itemId":"nowhere"},"output":null,"error":"Item nowhere is not in the training data."}',
  );
  expect(end).toBe('');
  for (const [line, input] of [
    [first, '{"itemId": "i3"}'],
    [last, '{"itemId":"i4","note":1}'],
  ] as const) {
    expect(line.startsWith(`{"input":${input},"output":{"usersList":["u`)).toBe(true);
    expect(line.endsWith('"]},"error":null}')).toBe(true);
    expect(new Set(JSON.parse(line).output.usersList).size).toBe(count);
  }
});

import { execFile } from 'node:child_process';
import { glob } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSegmentModel } from '../../src/learn/model/open-model.ts';
import { clients, steps } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { putObject, schemas, twoTastes, twoTastesItems } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

describe.skipIf(environment === undefined)('segments', () => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server?.[Symbol.asyncDispose]());

  async function groupWithData(): Promise<string> {
    const create = steps(clients(server.url));
    const group = await create.datasetGroup('films');
    for (const [type, name, content] of [
      ['Interactions', 'interactions', twoTastes()],
      ['Items', 'items', twoTastesItems()],
    ] as const) {
      const dataset = await create.dataset(group, type, name, schemas[name]);
      const location = await putObject(server.buckets, 'films', `${name}.csv`, content);
      expect((await create.importJob(await create.startImport(dataset, name, location)))?.status).toBe('ACTIVE');
    }
    return group;
  }

  /** The tastes of the users of a segment. */
  async function tastes(folder: string, key: string, subject: string): Promise<string[]> {
    const model = await openSegmentModel(folder);
    if (model.key !== key) return [];
    const users = await model.segment({ items: model.itemsOf(subject), count: 20 });
    return Array.from(users, (user) => model.users.id(user).charAt(1));
  }

  test('boto3 trains and measures them, and the stored models find the users', async () => {
    const script = join(import.meta.dirname, 'segments.py');
    const { stdout } = await run(environment?.python ?? '', [script, server.url, await groupWithData()]);
    const metrics = JSON.parse(stdout);
    for (const recipe of ['aws-item-affinity', 'aws-item-attribute-affinity']) {
      expect(Object.keys(metrics[recipe])).toEqual(['coverage', 'hits_at_1_percent', 'recall_at_1_percent']);
      expect(metrics[recipe].coverage).toBeGreaterThan(0);
    }
    const folders: string[] = [];
    for await (const path of glob('store/models/**/model.json', { cwd: server.home })) {
      folders.push(dirname(join(server.home, path)));
    }
    const found: string[] = [];
    for (const folder of folders) {
      for (const [key, subject, taste] of [
        ['itemId', 'b3', 'b'],
        ['itemAttributes', 'ITEMS.genre = "Crime" AND ITEMS.GENRE = "Drama"', 'b'],
        ['itemAttributes', 'ITEMS.GENRE = "Comedy"', 'a'],
      ] as const) {
        const segment = await tastes(folder, key, subject);
        if (segment.length === 0) continue;
        found.push(taste);
        expect(segment.filter((each) => each === taste).length).toBeGreaterThan(15);
      }
    }
    expect(found.sort()).toEqual(['a', 'b', 'b']);
  });
});

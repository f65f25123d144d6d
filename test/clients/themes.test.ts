import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { plantedCatalogue } from '../../src/serve/themes/planted-catalogue.fixture.ts';
import { clients, steps } from '../support/personalize.ts';
import { pythonEnvironment } from '../support/python.ts';
import { type ServerProcess, startServerProcess } from '../support/server.ts';
import { avro, putObject } from '../support/two-tastes.ts';

const run = promisify(execFile);
const environment = await pythonEnvironment('clients', join(import.meta.dirname, 'requirements.txt'));

const schemas = {
  interactions: avro('Interactions', [
    ...['USER_ID', 'ITEM_ID'].map((name) => ({ name, type: 'string' })),
    { name: 'TIMESTAMP', type: 'long' },
  ]),
  items: avro('Items', [
    { name: 'ITEM_ID', type: 'string' },
    { name: 'TITLE', type: 'string' },
    { name: 'GENRES', type: ['null', 'string'], categorical: true },
    { name: 'YEAR', type: ['null', 'int'] },
    { name: 'DESCRIPTION', type: ['null', 'string'], textual: true },
  ]),
};
const { topics, items } = plantedCatalogue(6, 20, 3);

/** People who watch films of one topic, each eight of them. */
function interactions(): string {
  const lines = ['USER_ID,ITEM_ID,TIMESTAMP'];
  for (let user = 0; user < 150; user++) {
    const own = items.filter(({ topic }) => topic === user % topics.length);
    for (let event = 0; event < 8; event++) {
      const item = own[(7 * user + 3 * event + (event % 2) * user) % own.length];
      lines.push(`u${user},${item?.id},${1_700_000_000 + 1000 * user + event}`);
    }
  }
  return `${lines.join('\n')}\n`;
}

const itemsCsv = () =>
  [
    'ITEM_ID,TITLE,GENRES,YEAR,DESCRIPTION',
    ...items.map((item) => `${item.id},${item.name},${item.genre},${item.year},"${item.text}"`),
    '',
  ].join('\n');

type Output = { recommendedItems: string[]; theme: string; itemsThemeRelevanceScores: number[] };
type Answer = (response: ServerResponse) => void;
type Job = {
  status: string;
  reason: string | null;
  lines: { input: object; output: Output | null; error: string | null }[];
};

describe.skipIf(environment === undefined)('themes', () => {
  let home: string;
  let server: ServerProcess;
  let version: string;

  const python = async (...parameters: string[]) =>
    (await run(environment?.python ?? '', [join(import.meta.dirname, 'themes.py'), server.url, ...parameters])).stdout;

  /** Items of each topic, each a line, with whatever else. */
  async function job(name: string, count: number, ...more: readonly object[]): Promise<Job> {
    const lines = [...items.slice(0, count).map(({ id }) => ({ itemId: id })), ...more];
    await putObject(server.buckets, 'films', `in/${name}.json`, lines.map((line) => JSON.stringify(line)).join('\n'));
    return JSON.parse(await python('job', version, name));
  }

  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'openpersonalize-themes-'));
    server = await startServerProcess({ home });
    const create = steps(clients(server.url));
    const group = await create.datasetGroup('films');
    for (const [type, name, content] of [
      ['Interactions', 'interactions', interactions()],
      ['Items', 'items', itemsCsv()],
    ] as const) {
      const dataset = await create.dataset(group, type, name, schemas[name]);
      const location = await putObject(server.buckets, 'films', `${name}.csv`, content);
      expect((await create.importJob(await create.startImport(dataset, name, location)))?.status).toBe('ACTIVE');
    }
    version = (await python('train', group)).trim();
  });
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await rm(home, { recursive: true, force: true });
  });

  test('are found by the local method, and name what the similar items have in common', async () => {
    const { status, lines } = await job('films', topics.length, { itemId: items[0]?.id, more: 1 }, { userId: 'u1' });
    expect(status).toBe('ACTIVE');
    topics.forEach((topic, n) => {
      const { output, ...rest } = lines[n] ?? { output: null };
      expect(rest).toEqual({ input: { itemId: items[n]?.id }, error: null });
      for (const name of topic.names) expect(output?.theme).toMatch(name);
      expect(output?.recommendedItems).toHaveLength(15);
      const scores = output?.itemsThemeRelevanceScores ?? [];
      expect(scores).toHaveLength(15);
      expect(scores).toEqual(scores.toSorted((a, b) => b - a));
      expect(scores[0]).toBeGreaterThan(0.5);
    });
    expect(lines[6]).toEqual({ ...lines[0], input: { itemId: items[0]?.id, more: 1 } });
    expect(lines[7]).toMatchObject({ input: { userId: 'u1' }, output: null, error: expect.stringContaining('itemId') });
  });

  test('are made of 100 lines a file', async () => {
    expect((await job('hundred', 100)).lines).toHaveLength(100);
    const { status, reason } = await job('more', 101);
    expect(status).toBe('CREATE FAILED');
    expect(reason).toContain('100');
  });

  describe('of an endpoint', () => {
    let answer: Answer;
    const keys: (string | undefined)[] = [];
    const stub: Server = createServer((request, response) => {
      keys.push(request.headers.authorization);
      request.resume().on('end', () => answer(response));
    });
    beforeAll(async () => {
      await new Promise<void>((resolve) => stub.listen(0, '127.0.0.1', resolve));
      const { port } = stub.address() as AddressInfo;
      await server.stop();
      const url = `http://127.0.0.1:${port}/v1`;
      const options = ['--theme-endpoint', url, '--theme-key', 'a-secret', '--theme-timeout', '3'];
      server = await startServerProcess({ home, options });
    });
    afterEach(() => expect(server.log()).not.toMatch(/a-secret|Angeles/));
    afterAll(() => {
      stub.closeAllConnections();
      stub.close();
    });
    const says =
      (content: string): Answer =>
      (response) => {
        response.end(JSON.stringify({ choices: [{ message: { content } }] }));
      };

    test('are its titles, with relevance as ever', async () => {
      answer = says('"Films of one kind."');
      const { lines } = await job('endpoint', 3);
      expect(lines.map(({ output }) => output?.theme)).toEqual(Array(3).fill('Films of one kind'));
      expect(lines[0]?.output?.itemsThemeRelevanceScores).toHaveLength(15);
      expect(keys).toEqual(Array(3).fill('Bearer a-secret'));
    });

    test.each<[string, Answer, string]>([
      ['hangs', () => {}, 'it did not answer within 3 s'],
      ['answers nonsense', says('<html>\n{"oops": 1}'), 'its answer was no title'],
      ['is broken', (response) => void response.writeHead(400).end(), 'it answered 400'],
    ])('are those of the local method where it %s, and the log says so', async (how, broken, reason) => {
      answer = broken;
      const { status, lines } = await job(how.replaceAll(' ', '-'), 2);
      expect(status).toBe('ACTIVE');
      lines.forEach(({ output }, n) => {
        for (const name of topics[n]?.names ?? []) expect(output?.theme).toMatch(name);
      });
      await expect.poll(() => server.log()).toContain(`gave no title for 2 of 2 lists, lately because ${reason}`);
    });
  });
});

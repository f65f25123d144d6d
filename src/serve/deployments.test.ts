import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ObjectStore } from '../data/objects/object-store.ts';
import { Deployments } from './deployments.ts';
import { Candidates } from './exploration/candidates.ts';
import type { Deployment } from './serving.ts';

const fakeScorer = new URL('../../test/fixtures/fake-scorer.ts', import.meta.url);

let root: string;
let clock: number;
let loads: string[];
let serving: Deployments;

/** The calls of a store that serving makes, over a plain folder. */
const store: Pick<ObjectStore, 'list' | 'localFolder' | 'location'> = {
  location: (key) => join(root, key),
  async *list(prefix) {
    const { stored, bytes } = JSON.parse(await readFile(join(root, prefix, 'model.json'), 'utf8'));
    yield { key: `${prefix}model.json`, bytes: stored ?? bytes };
  },
  async localFolder(prefix) {
    loads.push(prefix);
    return { path: join(root, prefix), [Symbol.asyncDispose]: async () => {} };
  },
};

const serve = (options: { workers?: number; idleAfterMs?: number; memoryLimitBytes?: number } = {}) => {
  serving = new Deployments(
    {
      // the calls that serving does not make are not there
      store: store as ObjectStore,
      workers: 1,
      idleAfterMs: 60_000,
      memoryLimitBytes: 1000,
      now: () => clock,
      ...options,
    },
    fakeScorer,
  );
};

const deploy = async (
  name: string,
  script: { bytes?: number; stored?: number; failure?: string; openMs?: number } = {},
  campaign = name,
): Promise<Deployment> => {
  await mkdir(join(root, name), { recursive: true });
  await writeFile(join(root, name, 'model.json'), JSON.stringify({ bytes: 100, ...script }));
  return {
    ownerArn: `arn:aws:personalize:us-east-1:000000000000:campaign/${campaign}`,
    recipeType: 'USER_PERSONALIZATION',
    model: `${name}/`,
  };
};

const loadedNames = () => serving.loaded().map(({ ownerArn }) => ownerArn.split('/')[1]);

/** Which opening of a model answered: differs after it was dropped and loaded again, or between its copies. */
const opening = async (deployment: Deployment) => (await serving.recommend(deployment, { count: 4 })).items[1];

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'serve-'));
  clock = 1_000_000;
  loads = [];
});

afterEach(async () => {
  await serving.close();
  await rm(root, { recursive: true });
});

describe('answers', () => {
  test('reach the caller as the model gave them', async () => {
    serve();
    const films = await deploy('films');
    const related = await serving.recommend(films, { userId: 'u1', itemId: 'i1', count: 4 });
    expect(related.items).toEqual([join(root, 'films/'), expect.any(String), 'u1', 'i1']);
    expect(related.scores).toBeUndefined();
    const context = { DEVICE: 'tv' };
    expect((await serving.recommend(films, { userId: 'u1', count: 5, context })).items.at(-1)).toBe('tv');
    expect((await serving.rank(films, { userId: 'u1', items: ['a'], context })).items).toEqual(['tv', 'a']);
    expect(await serving.rank(films, { userId: 'ü', items: ['a', 'b\n', '🎬'] })).toEqual({
      items: ['🎬', 'b\n', 'a'],
      scores: [1, null, null],
    });
  });

  test('of many requests at once each go to the one who asked', async () => {
    serve({ workers: 2 });
    const films = await deploy('films');
    const users = Array.from({ length: 500 }, (_, n) => `user-${n}`);
    const answers = await Promise.all(users.map((userId) => serving.recommend(films, { userId, count: 4 })));
    expect(answers.map(({ items }) => items[2])).toEqual(users);
  });

  test('that fail, fail for the one who asked alone', async () => {
    serve();
    const films = await deploy('films');
    const [broken, sound] = await Promise.allSettled([
      serving.recommend(films, { userId: 'fail', count: 4 }),
      serving.recommend(films, { userId: 'u1', count: 4 }),
    ]);
    expect(broken).toMatchObject({ status: 'rejected', reason: { message: 'the model is not made for this' } });
    expect(sound.status).toBe('fulfilled');
    expect(loads).toEqual(['films/']);
  });
});

describe('the ids of a model’s items', () => {
  test('are known once for all requests, as long as the model is held', async () => {
    serve({ workers: 2 });
    const films = await deploy('films');
    const [ids, again] = await Promise.all([serving.items(films), serving.items(films)]);
    expect([...ids]).toEqual([await opening(films), 'a', 'b']);
    expect([ids.indexOf('b'), ids.indexOf('c')]).toEqual([2, -1]);
    expect(again).toBe(ids);
    serving.release(films.ownerArn);
    expect([...(await serving.items(films))]).toEqual([await opening(films), 'a', 'b']);
    expect([...ids][1]).toBe('a');
  });

  test('outlive the thread that had them', async () => {
    serve();
    const films = await deploy('films');
    const ids = await serving.items(films);
    await expect(serving.recommend(films, { userId: 'die', count: 1 })).rejects.toThrow('ended');
    expect(ids.indexOf('a')).toBe(1);
    expect([...(await serving.items(films))][0]).toBe(await opening(films));
  });
});

describe('exploration', () => {
  test('brings candidates, at once those that come up, and heeds what is heard of them', async () => {
    serve({ workers: 2 });
    const films = await deploy('films');
    const candidates = new Candidates();
    const exploring = { candidates, rate: 1, withChoices: true };
    const ask = async () => {
      // Enough at once for both threads.
      const asked = Array.from({ length: 40 }, () => serving.recommend(films, { count: 4 }, exploring));
      return await Promise.all(asked);
    };
    const answersWith = async (id: string) => (await ask()).filter(({ items }) => items.includes(id)).length;

    expect((await ask()).every(({ explored }) => explored === undefined)).toBe(true);
    candidates.add({ id: 'first', createdAt: 0 });
    expect(await answersWith('first')).toBeGreaterThan(20);
    candidates.add({ id: 'second', createdAt: 0 });
    candidates.add({ id: 'old', createdAt: 0, isInferred: true });
    expect(await answersWith('second')).toBeGreaterThan(20);
    expect(await answersWith('old')).toBe(0);
    for (const { items, explored = [], choices = [] } of await ask()) {
      expect(explored.map((place) => items[place]).filter((id) => id !== 'first' && id !== 'second')).toEqual([]);
      expect(explored).toEqual(choices.filter((choice) => choice.explored).map(({ place }) => place));
    }
    for (let n = 0; n < 200; n++) candidates.interaction('another', ['first', 'another']);
    expect(await answersWith('first')).toBe(0);
    expect((await serving.recommend(films, { count: 4 })).items).not.toContain('second');
  });

  test('brings only candidates that the answer may have', async () => {
    serve({ workers: 2 });
    const films = await deploy('films');
    const candidates = new Candidates();
    for (const id of ['first', 'second', 'third']) candidates.add({ id, createdAt: 0 });
    const broughtWith = async (eligible: Uint32Array) => {
      const exploring = { candidates, rate: 1, withChoices: false, eligible };
      const asked = Array.from({ length: 40 }, () => serving.recommend(films, { count: 4 }, exploring));
      const answers = await Promise.all(asked);
      return new Set(answers.flatMap(({ items, explored = [] }) => explored.map((place) => items[place])));
    };
    expect(await broughtWith(Uint32Array.of(0b010))).toEqual(new Set(['second']));
    expect(await broughtWith(Uint32Array.of(0b101))).toEqual(new Set(['first', 'third']));
    expect(await broughtWith(Uint32Array.of(0))).toEqual(new Set());
  });

  test('counts the vectors of candidates, of those that are explored now, among what the deployment holds', async () => {
    serve();
    const films = await deploy('films');
    const bytesWith = async (count: number) => {
      const candidates = new Candidates();
      for (let n = 0; n < count; n++) candidates.add({ id: `i${n}`, createdAt: 0 });
      await serving.recommend(films, { count: 4 }, { candidates, rate: 1, withChoices: false });
      return serving.loaded()[0]?.bytes ?? 0;
    };
    // A vector of the fake model has 4 bytes; there is room for as many again.
    expect(await bytesWith(150)).toBe(100 + 2 * 4 * 150);
    expect(await bytesWith(50)).toBe(100 + 2 * 4 * 50);
    await serving.recommend(films, { count: 4 });
    expect(await bytesWith(0)).toBe(100);
  });
});

describe('loading', () => {
  test('happens once for requests that come together, and not again', async () => {
    serve({ workers: 2 });
    const films = await deploy('films', { openMs: 30 });
    const openings = await Promise.all(Array.from({ length: 7 }, () => opening(films)));
    expect(new Set(openings).size).toBe(1);
    await serving.prepare(films);
    expect(loads).toEqual(['films/']);
    expect(serving.loaded()).toEqual([{ ownerArn: films.ownerArn, bytes: 100 }]);
  });

  test('of a broken model fails with its reason, and is tried anew by the next request', async () => {
    serve();
    const broken = await deploy('broken', { failure: 'model.json bears format 9' });
    const reason = `The model ${join(root, 'broken/')} cannot be opened (model.json bears format 9)`;
    await expect(serving.prepare(broken)).rejects.toThrow(reason);
    expect(serving.loaded()).toEqual([]);
    await deploy('broken');
    expect((await serving.recommend(broken, { userId: 'u1', count: 4 })).items[2]).toBe('u1');
  });

  test('of a model that is not stored fails with the reason of the store', async () => {
    serve();
    const gone = { ...(await deploy('films')), model: 'gone/' };
    await expect(serving.recommend(gone, { count: 1 })).rejects.toThrow('ENOENT');
  });
});

describe('letting go', () => {
  test('of an idle deployment, and not of one in use', async () => {
    vi.useFakeTimers({ toFake: ['setInterval'] });
    serve({ idleAfterMs: 1000 });
    const [idle, asked] = [await deploy('idle'), await deploy('asked')];
    await serving.prepare(idle);
    await serving.prepare(asked);
    clock += 999;
    await serving.prepare(asked);
    vi.advanceTimersByTime(100);
    expect(loadedNames()).toEqual(['idle', 'asked']);
    clock += 1;
    vi.advanceTimersByTime(100);
    await vi.waitFor(() => expect(loadedNames()).toEqual(['asked']));
    vi.useRealTimers();
  });

  test('makes room: the least recently used first', async () => {
    serve({ memoryLimitBytes: 250 });
    const [first, second, third] = [await deploy('first'), await deploy('second'), await deploy('third')];
    for (const deployment of [first, second, first, third]) {
      clock += 1;
      await serving.prepare(deployment);
    }
    expect(loadedNames()).toEqual(['first', 'third']);
    expect(loads).toEqual(['first/', 'second/', 'third/']);
  });

  test('waits for the answers that are due', async () => {
    serve({ workers: 2, memoryLimitBytes: 150 });
    const [slow, other] = [await deploy('slow'), await deploy('other')];
    await serving.prepare(slow);
    const due = serving.recommend(slow, { userId: 'work 100', count: 4 });
    await serving.prepare(other);
    expect((await due).items[2]).toBe('work 100');
    expect(loads).toEqual(['slow/', 'other/']);
    expect(loadedNames()).toEqual(['other']);
  });

  test('never exceeds the limit, however many ask at once', async () => {
    serve({ workers: 2, memoryLimitBytes: 250 });
    const all = await Promise.all(['a', 'b', 'c', 'd', 'e'].map((name) => deploy(name, { openMs: 5 })));
    let most = 0;
    const watch = setInterval(() => {
      most = Math.max(
        most,
        serving.loaded().reduce((sum, { bytes }) => sum + bytes, 0),
      );
    }, 1);
    const answers = await Promise.all([...all, ...all].map((each) => serving.recommend(each, { count: 1 })));
    clearInterval(watch);
    expect(answers.map(({ items }) => items[0])).toEqual([...all, ...all].map(({ model }) => join(root, model)));
    expect(most).toBeLessThanOrEqual(250);
    expect(most).toBeGreaterThan(0);
  });

  test('makes room too for a model that takes more than its files', async () => {
    serve({ memoryLimitBytes: 250 });
    const [films, books] = [await deploy('films'), await deploy('books', { bytes: 200, stored: 100 })];
    await serving.prepare(films);
    await serving.prepare(books);
    expect(loadedNames()).toEqual(['books']);
  });

  test.each([
    ['on disk', { bytes: 100, stored: 1001 }],
    ['in memory', { bytes: 1001, stored: 100 }],
  ])('does not help a model that is larger than the limit %s: it is refused', async (_, script) => {
    serve();
    const large = await deploy('large', script);
    await expect(serving.recommend(large, { count: 1 })).rejects.toMatchObject({
      code: 'ServiceUnavailable',
      message: expect.stringContaining('campaign/large takes 1 MiB of memory'),
    });
    expect(serving.loaded()).toEqual([]);
  });
});

describe('a deployment that moves to another model', () => {
  test('is answered by either until the old one is released', async () => {
    serve();
    const before = await deploy('version-1', {}, 'films');
    const after = await deploy('version-2', { openMs: 30 }, 'films');
    await serving.prepare(before);
    const moved = serving.prepare(after);
    expect((await serving.recommend(before, { count: 1 })).items[0]).toContain('version-1');
    await moved;
    expect(serving.loaded()).toEqual([{ ownerArn: before.ownerArn, bytes: 200 }]);
    const due = serving.recommend(before, { userId: 'work 30', count: 1 });
    serving.release(before.ownerArn, after.model);
    expect((await serving.recommend(after, { count: 1 })).items[0]).toContain('version-2');
    expect((await due).items[0]).toContain('version-1');
    await vi.waitFor(() => expect(serving.loaded()).toEqual([{ ownerArn: before.ownerArn, bytes: 100 }]));
    expect(loads).toEqual(['version-1/', 'version-2/']);
  });

  test('holds nothing once it is deleted', async () => {
    serve();
    const films = await deploy('films');
    await serving.prepare(films);
    serving.release(films.ownerArn);
    await vi.waitFor(() => expect(serving.loaded()).toEqual([]));
  });
});

describe('a scoring thread that dies', () => {
  test('takes no other request with it: they are answered by a fresh one', async () => {
    serve();
    const films = await deploy('films');
    const before = await opening(films);
    const users = ['u1', 'die', 'u2', 'u3'];
    const answers = await Promise.allSettled(users.map((userId) => serving.recommend(films, { userId, count: 4 })));
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
    expect(answers[1]).toMatchObject({ reason: { name: 'ThreadDied' } });
    expect(await opening(films)).not.toBe(before);
    expect(serving.loaded()).toEqual([{ ownerArn: films.ownerArn, bytes: 100 }]);
  });

  test('while it opens a model fails that model after a second attempt', async () => {
    serve();
    const fatal = await deploy('fatal', { failure: 'die' });
    await expect(serving.prepare(fatal)).rejects.toThrow('A scoring thread ended: exit code 4.');
    expect(loads).toEqual(['fatal/', 'fatal/']);
    expect(serving.loaded()).toEqual([]);
  });

  test('does not disturb the models of another', async () => {
    serve({ workers: 2 });
    const [films, books] = [await deploy('films'), await deploy('books')];
    await serving.prepare(films);
    const before = await opening(books);
    await expect(serving.recommend(films, { userId: 'die', count: 1 })).rejects.toThrow('ended');
    expect(await opening(books)).toBe(before);
  });
});

describe('a busy deployment', () => {
  const burst = (deployment: Deployment) =>
    Promise.all(Array.from({ length: 40 }, () => serving.recommend(deployment, { userId: 'work 5', count: 4 })));

  const openingsIn = (answers: Awaited<ReturnType<typeof burst>>) => new Set(answers.map(({ items }) => items[1])).size;

  test('is spread over the threads, as long as there is memory for it', async () => {
    serve({ workers: 2 });
    const films = await deploy('films');
    await burst(films);
    await vi.waitFor(() => expect(serving.loaded()).toMatchObject([{ bytes: 200 }]));
    expect(openingsIn(await burst(films))).toBe(2);
  });

  test('stays on one thread when a copy would displace another', async () => {
    serve({ workers: 2, memoryLimitBytes: 250 });
    const [films, books] = [await deploy('films'), await deploy('books')];
    await serving.prepare(books);
    expect(openingsIn(await burst(films))).toBe(1);
    await sleep(20);
    expect(loadedNames()).toEqual(['books', 'films']);
  });

  test('gives its copy up first when another needs the room', async () => {
    serve({ workers: 2, memoryLimitBytes: 250 });
    const [films, books] = [await deploy('films'), await deploy('books')];
    await burst(films);
    await vi.waitFor(() => expect(serving.loaded()).toMatchObject([{ bytes: 200 }]));
    await serving.prepare(books);
    expect(serving.loaded().map(({ bytes }) => bytes)).toEqual([100, 100]);
  });
});

test('whatever comes in whatever order, everyone is answered rightly and the memory limit holds', async () => {
  const names = ['a', 'b', 'c', 'd'];
  const deployments = await Promise.all(names.map((name) => deploy(name, { openMs: 1 })));
  const action = fc.record({
    index: fc.nat({ max: names.length - 1 }),
    act: fc.constantFrom('recommend', 'recommend', 'burst', 'prepare', 'release', 'die', 'pause'),
  });
  const perform = async (deployment: Deployment, act: string): Promise<void> => {
    if (act === 'prepare') return serving.prepare(deployment);
    if (act === 'release') return serving.release(deployment.ownerArn);
    if (act === 'die')
      return expect(serving.recommend(deployment, { userId: 'die', count: 1 })).rejects.toThrow('ended');
    const count = act === 'burst' ? 30 : 1;
    const answers = Array.from({ length: count }, () => serving.recommend(deployment, { userId: 'work 1', count: 1 }));
    for (const { items } of await Promise.all(answers)) expect(items).toEqual([join(root, deployment.model)]);
  };
  const property = fc.asyncProperty(
    fc.array(action, { maxLength: 12 }),
    fc.integer({ min: 1, max: 3 }),
    async (actions, workers) => {
      serve({ workers, memoryLimitBytes: 250 });
      const done: Promise<void>[] = [];
      for (const { index, act } of actions) {
        const deployment = deployments[index];
        clock += 1;
        if (act === 'pause') await sleep(5);
        else if (deployment) done.push(perform(deployment, act));
        expect(serving.loaded().reduce((sum, { bytes }) => sum + bytes, 0)).toBeLessThanOrEqual(250);
      }
      // a death may take a request with it twice, then it fails as the thread did; nothing else may go wrong
      for (const outcome of await Promise.allSettled(done)) {
        if (outcome.status === 'rejected') expect(outcome.reason).toMatchObject({ name: 'ThreadDied' });
      }
      await serving.close();
      expect(serving.loaded()).toEqual([]);
    },
  );
  await fc.assert(property, { numRuns: 15 });
});

test('closing answers what was asked, and refuses what comes after', async () => {
  serve();
  const films = await deploy('films', { openMs: 20 });
  const due = serving.recommend(films, { userId: 'work 20', count: 4 });
  await serving.close();
  expect((await due).items[2]).toBe('work 20');
  await expect(serving.recommend(films, { count: 1 })).rejects.toThrow('closed');
});

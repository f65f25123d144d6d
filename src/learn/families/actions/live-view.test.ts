import { describe, expect, it } from 'vitest';
import { eventIdColumn, receivedColumn, sessionColumn } from '../../../data/records/event-lines.ts';
import { encodeLine } from '../../../data/records/layout.ts';
import { uniforms } from '../../kernels/random.ts';
import type { PropensityQuery } from '../../model/action-model.ts';
import { nextBestAction } from '../../recipes/next-best-action.ts';
import { resolveParameters } from '../../recipes/parameters.ts';
import { field } from '../../training/training.fixture.ts';
import { ActionTable } from './action-table.ts';
import { ActionView } from './live-view.ts';

const arnOf = (type: string) => `arn:aws:personalize:us-east-1:000000000000:dataset/shop/${type}`;
const day = 86_400;
const start = 1_760_000_000;
const factNames = ['ACTION_ID', 'VALUE', 'EXPIRATION_TIMESTAMP', 'REPEAT_FREQUENCY', 'CREATION_TIMESTAMP'];
const eventNames = [sessionColumn, eventIdColumn, receivedColumn, 'USER_ID', 'ACTION_ID', 'EVENT_TYPE', 'TIMESTAMP'];
const layoutOf = (names: readonly string[]) => names.map((name) => ({ name, type: 'string' as const }));
const [actionLayout, eventLayout] = [layoutOf(factNames), layoutOf(eventNames)];
const eventFields = [field('USER_ID'), field('ACTION_ID'), field('EVENT_TYPE'), field('TIMESTAMP', 'long')];

type Facts = { readonly value?: number; readonly expiresAt?: number; readonly repeatDays?: number };

/** A view of which the model has these chances of these actions. */
function viewOf(chances: Readonly<Record<string, number>>, seed = 1) {
  let now = start;
  const trained = Object.keys(chances);
  const table = new ActionTable((id) => trained.indexOf(id), new Uint8Array(trained.length).fill(1));
  const view = new ActionView(
    {
      model: 'models/1/',
      datasets: {
        ACTIONS: { arn: arnOf('ACTIONS'), schema: { fields: factNames.map((name) => field(name)) } },
        ACTION_INTERACTIONS: { arn: arnOf('ACTION_INTERACTIONS'), schema: { fields: eventFields } },
      },
      parameters: resolveParameters(nextBestAction, {}),
      events: [],
      watermark: 0,
      withModel: () => Promise.reject(new Error('The view needs no model.')),
      clock: { now: () => 1000 * now },
    },
    table,
    uniforms(seed),
  );
  const asked: PropensityQuery[] = [];
  let position = 0;
  const apply = (type: string, body: string) =>
    view.apply(
      { datasetArn: arnOf(type), layout: 1, position: ++position, receivedAt: 1000 * now, records: 1, body },
      type === 'ACTIONS' ? actionLayout : eventLayout,
    );
  const recommend = (userId: string, count: number, during = () => {}) =>
    view.recommendActions({ userId, count }, async (query) => {
      asked.push(query);
      during();
      return Float32Array.from(Object.values(chances));
    });
  return {
    asked,
    put(id: string, { value, expiresAt, repeatDays }: Facts = {}) {
      apply('ACTIONS', encodeLine([id, ...[value, expiresAt, repeatDays, start].map((cell) => String(cell ?? ''))]));
    },
    event(userId: string, id: string, type: string, eventId = '') {
      apply(
        'ACTION_INTERACTIONS',
        encodeLine([`of ${userId}`, eventId, String(1000 * now), userId, id, type, String(now)]),
      );
    },
    pass(seconds: number) {
      now += seconds;
    },
    list: async (userId = 'u', count = 10, during = () => {}) => (await recommend(userId, count, during)).actions,
    ids: async (userId = 'u', count = 10) => (await recommend(userId, count)).actions.map(({ id }) => id),
  };
}

describe('a view of actions', () => {
  it('orders by chance, equal ones by value, and says the chances', async () => {
    const view = viewOf({ a: 0.25, b: 0.5, c: 0.25 });
    view.put('a', { value: 2 });
    view.put('b');
    view.put('c', { value: 9 });
    expect(await view.list()).toEqual([
      { id: 'b', score: 0.5 },
      { id: 'c', score: 0.25 },
      { id: 'a', score: 0.25 },
    ]);
    expect(await view.ids('u', 1)).toEqual(['b']);
  });

  it('has an action until the moment at which it expires, as of the beginning of a request', async () => {
    const view = viewOf({ a: 0.5, b: 0.25 });
    view.put('a', { expiresAt: start + 10 });
    view.put('b');
    view.pass(9);
    expect((await view.list('u', 10, () => view.pass(5))).map(({ id }) => id)).toEqual(['a', 'b']);
    expect(await view.ids()).toEqual(['b']);
    view.put('a', { expiresAt: start + day });
    expect(await view.ids()).toEqual(['a', 'b']);
  });

  it('brings an action again when its days have passed since the user had to do with it', async () => {
    const view = viewOf({ a: 0.5, b: 0.25 });
    view.put('a', { repeatDays: 2 });
    view.put('b');
    view.event('u', 'a', 'Viewed');
    expect(await view.ids('u')).toEqual(['b']);
    expect(await view.ids('someone else')).toEqual(['a', 'b']);
    view.pass(2 * day - 1);
    expect(await view.ids('u')).toEqual(['b']);
    view.pass(1);
    expect(await view.ids('u')).toEqual(['a', 'b']);
  });

  it('tells the model what the user did, whatever the spelling, and each event once', async () => {
    const view = viewOf({ a: 0.5, b: 0.25 });
    view.put('a');
    view.put('b');
    view.event('u', 'b', 'viewed', 'e1');
    view.event('u', 'b', 'viewed', 'e1');
    view.pass(60);
    view.event('u', 'b', 'Not Taken');
    await view.list('u');
    expect(view.asked.at(-1)?.events).toEqual({
      actions: Uint32Array.of(1, 1),
      timestamps: Float64Array.of(start, start + 60),
      types: Uint8Array.of(0, 1),
    });
  });

  it('has new actions at once, with the score 0', async () => {
    const view = viewOf({ a: 0.5 });
    view.put('a');
    view.put('new');
    expect((await view.list()).find(({ id }) => id === 'new')).toEqual({ id: 'new', score: 0 });
  });

  it('orders by value where nothing is known of what users do', async () => {
    const view = viewOf({});
    for (const [id, value] of [
      ['a', 1],
      ['b', 9],
      ['c', 5],
    ] as const)
      view.put(id, { value });
    expect(await view.list()).toEqual(['b', 'c', 'a'].map((id) => ({ id, score: 0 })));
  });

  it('considers the thousand actions that are newest or had interactions last', async () => {
    const view = viewOf({});
    for (let n = 0; n < 1001; n++) view.put(`action ${n}`, { value: 1 });
    expect(await view.ids('u', 2000)).toHaveLength(1000);
    view.pass(60);
    view.event('v', 'action 999', 'Viewed');
    view.put('newest', { value: 1 });
    const ids = await view.ids('u', 2000);
    expect(ids).toHaveLength(1000);
    expect(ids).toContain('action 999');
  });
});

describe('exploration', () => {
  /** How often a new action had been shown when it first stood on top in eight of ten answers; at most `most`. */
  async function impressionsUntilOnTop(chance: number, seed: number, most: number): Promise<number> {
    const random = uniforms(1000 + seed);
    const known = Object.fromEntries(Array.from({ length: 20 }, (_, n) => [`a${n}`, 0.05 + (0.35 * n) / 19]));
    const view = viewOf(known, seed);
    for (const id of Object.keys(known)) view.put(id);
    view.put('new');
    let [shown, onTop, answers] = [0, 0, 0];
    for (let user = 0; user < 20_000 && shown < most; user++) {
      const ids = await view.ids(`user ${user}`, 5);
      view.pass(60);
      if (answers++ % 10 === 0) onTop = 0;
      if (ids[0] === 'new') onTop++;
      if (onTop >= 8) return shown;
      if (!ids.includes('new')) continue;
      shown++;
      view.event(`user ${user}`, 'new', 'Viewed');
      view.pass(60);
      view.event(`user ${user}`, 'new', random() < chance ? 'Taken' : 'Not Taken');
    }
    return shown;
  }

  it('finds a good new action within 200 impressions, and often within 100', async () => {
    const needed: number[] = [];
    for (let seed = 0; seed < 10; seed++) needed.push(await impressionsUntilOnTop(0.6, seed, 200));
    expect(Math.max(...needed)).toBeLessThan(200);
    expect(needed.filter((impressions) => impressions < 100).length).toBeGreaterThan(5);
  });

  it('stops showing a bad one', async () => {
    expect(await impressionsUntilOnTop(0.05, 1, 200)).toBeLessThanOrEqual(200);
    const random = uniforms(7);
    const view = viewOf({ a: 0.3, b: 0.3, c: 0.3, d: 0.3, e: 0.3 });
    for (const id of ['a', 'b', 'c', 'd', 'e', 'bad']) view.put(id);
    let late = 0;
    for (let user = 0; user < 600; user++) {
      const isShown = (await view.ids(`user ${user}`, 5)).includes('bad');
      if (isShown && user >= 400) late++;
      if (isShown) view.event(`user ${user}`, 'bad', random() < 0.02 ? 'Taken' : 'Not Taken');
      view.pass(60);
    }
    expect(late).toBeLessThan(10);
  });
});

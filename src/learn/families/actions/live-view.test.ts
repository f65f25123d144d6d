import { describe, expect, it } from 'vitest';
import { uniforms } from '../../kernels/random.ts';
import { day, impressionsUntilOnTop, start, viewOf } from './live-view.fixture.ts';

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

  it('considers others in the place of actions that have expired', async () => {
    const view = viewOf({});
    view.put('a lasting one');
    view.put('z last', { value: 1 });
    for (let n = 0; n < 1000; n++) view.put(`offer ${n}`, { expiresAt: start + 3600 });
    expect(await view.ids('u', 2000)).toHaveLength(1000);
    view.pass(3600);
    expect(await view.ids()).toEqual(['z last', 'a lasting one']);
  });
});

describe('exploration', () => {
  it('finds a good new action within 200 impressions, and often within 100', async () => {
    const needed: number[] = [];
    for (let seed = 0; seed < 10; seed++) needed.push(await impressionsUntilOnTop(0.6, seed, 200));
    expect(Math.max(...needed)).toBeLessThan(200);
    expect(needed.filter((impressions) => impressions < 100).length).toBeGreaterThan(5);
  });

  it('stops showing a bad one', async () => {
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

  it('learns from a user of whom it already holds as many events as it can', async () => {
    const view = viewOf({ a: 0.3, b: 0.3 });
    for (const id of ['a', 'b', 'bad']) view.put(id);
    for (let n = 0; n < 400; n++) {
      view.event('busy', 'a', 'Viewed');
      view.pass(60);
    }
    for (let n = 0; n < 200; n++) {
      view.event('busy', 'bad', 'Not Taken');
      view.pass(60);
    }
    const first = await Promise.all(Array.from({ length: 50 }, async (_, n) => (await view.ids(`user ${n}`, 1))[0]));
    expect(first).not.toContain('bad');
  });
});

import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FollowedView } from './followed-view.ts';
import { openViewParts, TextView } from './views.fixture.ts';

let opened: Awaited<ReturnType<typeof openViewParts>>;
beforeEach(async () => {
  opened = await openViewParts();
});
afterEach(() => opened.close());

const { signal } = new AbortController();
const follow = (view: TextView, arns: readonly string[], onGap = () => {}) =>
  FollowedView.open({ ...opened.parts, view, sources: arns.map((arn) => ({ arn, rows: 'all' })), signal, onGap });

it('has every record once, whether it came before, while or after the view was read', async () => {
  let run = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('a', 'b', 'other'), { maxLength: 12 }),
      fc.nat(12),
      async (puts, share) => {
        const arns = new Map(['a', 'b', 'other'].map((name) => [name, `${name}${run}`]));
        run++;
        const put = async (from: number, to: number) => {
          for (const [n, name] of puts.slice(from, to).entries()) await opened.put(arns.get(name) ?? '', `${from + n}`);
        };
        const early = Math.min(share, puts.length);
        const late = Math.ceil((early + puts.length) / 2);
        await put(0, early);
        const followed = [arns.get('a') ?? '', arns.get('b') ?? ''];
        const view = new TextView(followed, '', () => put(early, late));
        using _ = await follow(view, followed);
        await put(late, puts.length);
        const expected = puts.flatMap((name, n) => (name === 'other' ? [] : [`${arns.get(name)} ${n}`]));
        expect(view.texts.toSorted()).toEqual(expected.toSorted());
      },
    ),
    { numRuns: 15 },
  );
});

it('reads what was imported, or only the records of the log', async () => {
  await opened.import('a', 'imported');
  await opened.put('a', 'streamed');
  const sources = (rows: 'all' | 'streamed') => [{ arn: 'a', rows }];
  const [all, streamed] = [new TextView(['a']), new TextView(['a'])];
  using _ = await FollowedView.open({ ...opened.parts, view: all, sources: sources('all'), signal, onGap() {} });
  using __ = await FollowedView.open({
    ...opened.parts,
    view: streamed,
    sources: sources('streamed'),
    signal,
    onGap() {},
  });
  expect(all.texts).toEqual(['a imported', 'a streamed']);
  expect(streamed.texts).toEqual(['a streamed']);
});

it('is stale after a gap in the log, also in one that falls into its reading', async () => {
  let gaps = 0;
  const read = new TextView(['a'], '', async () => opened.parts.records.gap());
  using early = await follow(read, ['a'], () => gaps++);
  expect([early.isStale, gaps]).toEqual([true, 1]);
  using late = await follow(new TextView(['a']), ['a'], () => gaps++);
  expect([late.isStale, gaps]).toEqual([false, 1]);
  opened.parts.records.gap();
  expect([late.isStale, gaps]).toEqual([true, 3]);
});

it('reads nothing once it is called off', async () => {
  const called = new AbortController();
  let isRead = false;
  const view = new TextView(['a'], '', async () => {
    isRead = true;
  });
  const sources = [{ arn: 'a', rows: 'all' }] as const;
  const opening = FollowedView.open({ ...opened.parts, view, sources, signal: called.signal, onGap() {} });
  called.abort(new Error('called off'));
  await expect(opening).rejects.toThrow('called off');
  expect([isRead, opened.parts.records.subscribers]).toEqual([false, 0]);
});

it('follows no longer once it is closed, or could not be read', async () => {
  const failing = new TextView(['a'], '', async () => Promise.reject(new Error('unreadable')));
  await expect(follow(failing, ['a'])).rejects.toThrow('unreadable');
  const followed = await follow(new TextView(['a']), ['a']);
  expect(opened.parts.records.subscribers).toBe(1);
  followed[Symbol.dispose]();
  expect(opened.parts.records.subscribers).toBe(0);
  await opened.put('a', 'late');
  expect(followed.view.texts).toEqual([]);
});

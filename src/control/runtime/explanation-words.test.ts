import { expect, it } from 'vitest';
import type { Explanation } from '../../learn/model/explanation.ts';
import { Candidates } from '../../serve/exploration/candidates.ts';
import { ago, type ExplainedList, summaryOf, whyOf } from './explanation-words.ts';

const now = 1_700_000_000_000;
const titles = new Map([['i1', 'Heat']]);
const list = (explanation: Partial<Explanation>, more: Partial<ExplainedList> = {}): ExplainedList => ({
  request: { userId: 'u' },
  recipeType: 'USER_PERSONALIZATION',
  explanation: { items: [], ...explanation },
  list: { items: [], hasPromotion: false, dropped: [] },
  titleOf: (id) => titles.get(id),
  now,
  ...more,
});

it('tells that an item trends, and by how much', () => {
  const items = [
    { id: 'i1', origin: 'trend', trend: { interactions: 40, growth: 3.14 } },
    { id: 'i2', origin: 'model' },
  ] as const;
  const trending = list({}, { list: { items, hasPromotion: false, dropped: [] } });
  expect(summaryOf(trending)).toEqual([
    'Everybody gets the same list: what trends, and then the items that the most users had.',
  ]);
  expect(whyOf({ itemId: 'i1', kind: 'unscored' }, 'trend', trending)).toBe(
    'It trends: 40 interactions in the newest interval, at least 3.1 times as many as in the one before, beside the ' +
      'other items.',
  );
  expect(whyOf({ itemId: 'i2', kind: 'popular', rank: 2 }, 'popular', trending)).toMatch(/^Number 2 /);
});

it('tells what a list was made from', () => {
  const history = { userId: 'u', kept: 3, recent: 1 };
  expect(summaryOf(list({ history, logSum: 2 }))).toEqual([
    'The list is made from 3 interactions of the training and 1 event since of user u.',
    expect.stringContaining('e^(logit − 2.0000)'),
  ]);
  expect(summaryOf(list({ logSum: -0.7218 })).at(-1)).toContain('e^(logit + 0.7218)');
  expect(summaryOf(list({ history, logSum: -Infinity }))).toHaveLength(1);
  expect(whyOf({ itemId: 'new', kind: 'unscored' }, 'promotion', list({}))).toMatch(/the promotion has put it here/);
  const [ofSession] = summaryOf(list({ history }, { request: { userId: 'visit' } }));
  expect(ofSession).toMatch(/^visit stands for user u\. /);
  const candidates = new Candidates();
  for (let n = 0; n < 7; n++) candidates.add({ id: `c${n}`, createdAt: n });
  const explored = summaryOf(
    list(
      { history },
      {
        list: {
          items: [{ id: 'c1', origin: 'exploration' }],
          exploring: { candidates, rate: 0.01, withChoices: false },
          hasPromotion: false,
          dropped: [],
        },
      },
    ),
  );
  expect(explored[1]).toBe(
    'Each position is explored with a chance of 1.0 %, among 7 new items. It has brought 1 of these; another request may get others.',
  );
});

it('names causes by title and time, the one that helps most first', () => {
  const effect = (itemId: string, lift: number, more = {}) => ({
    cause: { kind: 'item' as const, itemId, interactions: 1, newestAt: now / 1000 - 3 * 86_400, ...more },
    change: 2 * lift,
    parts: {},
    lift,
    scoreWithout: 0.25,
  });
  const effects = [effect('i1', 1), effect('i2', -0.5, { interactions: 4 }), effect('i3', 0.01)];
  const item = {
    itemId: 'i9',
    kind: 'scored',
    logit: 1,
    logSum: 1.6931,
    score: 0.5,
    parts: { factors: 2, base: -1 },
    effects,
  } as const;
  expect(whyOf(item, 'model', list({}))).toBe(
    'It is here because of Heat (i1), 3 days ago (× 2.72: without it the score would be 0.250). ' +
      'It would be higher without i2, 4 times, last 3 days ago (× 0.61: without it the score would be 0.250). ' +
      'Its logit 1.00 is the sum of 2.00 (factors: what users with such a history have), −1.00 (base: the same for all items).',
  );
  expect(whyOf({ ...item, effects: [] }, 'exploration', list({}))).toMatch(
    /^Exploration has put it here, .* Nothing of/,
  );
});

it('says times as people do', () => {
  expect([0, 59, 60, 7200, 86_400, 5_400_000, 70_000_000].map(ago)).toEqual([
    ...['just now', 'just now', '1 minute ago', '2 hours ago', '1 day ago', '2 months ago', '2 years ago'],
  ]);
});

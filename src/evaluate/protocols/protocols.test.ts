import { describe, expect, it } from 'vitest';
import { historyOf, userCount } from '../../learn/histories/histories.ts';
import { eventsOf } from '../evaluation.fixture.ts';
import { prepareTrial } from '../trial.ts';
import { baskets } from './baskets.ts';
import { coldItems } from './cold-items.ts';
import { givenSplit } from './given-split.ts';
import { leaveOneOut } from './leave-one-out.ts';
import { nextClick } from './next-click.ts';
import { nextPeriod } from './next-period.ts';
import { service } from './service.ts';
import { temporal } from './temporal.ts';

/** A trial in ids: `a b` for histories, `a b → c` for queries. Items that cannot be ranked are `?`. */
function trialOf(...parameters: Parameters<typeof prepareTrial>) {
  const { training, items, queries } = prepareTrial(...parameters);
  const text = (indexes: Iterable<number>) =>
    Array.from(indexes, (item) => (item < items.size ? items.id(item) : '?')).join(' ');
  return {
    ranked: [...items].join(' '),
    training: Array.from({ length: userCount(training) }, (_, user) => text(historyOf(training, user).items)),
    queries: Object.fromEntries(
      Object.entries(queries).map(([kind, list]) => [
        kind,
        list.map(({ input, truth }) => `${text(input.items)} → ${text(truth)}`),
      ]),
    ),
  };
}

describe('leave-one-out', () => {
  it('asks for the newest item, keeps the one before it out of training, and trains on short histories whole', () => {
    const events = eventsOf(['a b c d', 'b a', 'b c c', 'a']);
    expect(trialOf(events, leaveOneOut, 0)).toEqual({
      ranked: 'a b',
      training: ['a b', 'b a', 'b', 'a'],
      // c has no training interaction: it is no input, and d and c cannot be found.
      queries: { user: ['a b → ?', 'b → ?'] },
    });
  });
});

describe('temporal', () => {
  it('cuts at two moments for all, and leaves users and items that do not train out', () => {
    // 20 events: those before second 17 train, those of second 19 and later are to be found.
    const trained = ['a@1 b@2 c@3 b@17 c@19', 'c@10 c@11', 'a@12 b@13', 'a@14 b@15 a@16'];
    const first = 'b@4 c@5 a@6 a@7 b@8 c@9 a@18';
    expect(trialOf(eventsOf([...trained, first, 'a@20']), temporal, 0)).toEqual({
      ranked: 'a b c',
      training: ['a b c', 'c c', 'a b', 'a b a', 'b c a a b c'],
      queries: { user: ['a b c b → c'] },
    });
    const newItem = trialOf(eventsOf([...trained, `${first} x@20`]), temporal, 0);
    expect(newItem.queries).toEqual({ user: ['a b c b → c'] });
  });
});

describe('next-period', () => {
  it('asks known and new users for all that comes from a moment on, and keeps what they had in the rankings', () => {
    // 20 events: those of second 19 and later are to be found.
    const events = eventsOf([
      'a@1 b@2 c@3 b@4 a@5 c@6',
      'c@7 c@8 a@9',
      'a@10 b@11 a@12',
      'b@13 c@14 a@15 b@16 a@19',
      'x@17 y@19 a@20',
    ]);
    expect(trialOf(events, nextPeriod, 0)).toMatchObject({
      ranked: 'a b c x',
      queries: { user: ['b c a b → a', 'x → ? a'] },
    });
    const onlyNew = eventsOf(['a@1 b@2 c@3 b@4 a@5 c@6 a@7 b@8 c@9', 'b@10']);
    expect(trialOf(onlyNew, nextPeriod, 0).queries).toEqual({ user: [' → b'] });
    expect(prepareTrial(events, nextPeriod, 0).queries.user?.map(({ excluded }) => excluded.length)).toEqual([0, 0]);
  });
});

describe('baskets', () => {
  /** Two baskets a user, of items that are nobody else's, on two days, and a third of a single item. */
  const users = Array.from({ length: 10 }, (_, user) =>
    [`a${user}@0 b${user}@9`, `c${user}@172800 d${user}@172801 e${user}@180000`, `f${user}@900000`].join(' '),
  );
  const members = ['ab', 'cde'];

  it('asks a fifth of the users, who do not train, for each basket of several items by one of it', () => {
    const { training, queries } = trialOf(eventsOf(users), baskets, 1);
    expect(training).toHaveLength(8);
    expect(queries.user).toHaveLength(4);
    const shared = eventsOf(users.map((timeline) => timeline.replaceAll(/[0-9]+@/g, '@')));
    const found = trialOf(shared, baskets, 1).queries.user ?? [];
    const letters = found.map((query) =>
      query
        .replaceAll(/[^a-f]/g, '')
        .split('')
        .sort()
        .join(''),
    );
    expect(letters.sort()).toEqual([...members, ...members].sort());
  });

  it('draws others with another seed', () => {
    const events = eventsOf(users);
    expect(trialOf(events, baskets, 3)).toEqual(trialOf(events, baskets, 3));
    expect(trialOf(events, baskets, 3)).not.toEqual(trialOf(events, baskets, 4));
  });
});

describe('given-split', () => {
  it('asks once a user for all of the test file; who has none is not asked, who only has those is asked without input', () => {
    const events = eventsOf(['a b', 'b', ''], ['c b', '', 'b']);
    expect(trialOf(events, givenSplit, 0)).toEqual({
      ranked: 'b a',
      training: ['a b', 'b'],
      queries: { user: ['a b → ? b', ' → b'] },
    });
  });
});

describe('next-click', () => {
  it('asks for each click after the first of a session, from all before it', () => {
    const events = eventsOf(['a b', '', ''], ['', 'a b a', 'b']);
    expect(trialOf(events, nextClick, 0).queries).toEqual({ event: ['a → b', 'a b → a'] });
    expect(prepareTrial(events, nextClick, 0).queries.event?.map(({ excluded }) => excluded.length)).toEqual([0, 0]);
  });

  it('goes on from the training clicks of a user', () => {
    expect(trialOf(eventsOf(['a b'], ['b a']), nextClick, 0).queries).toEqual({ event: ['a b → b', 'a b b → a'] });
  });
});

describe('service', () => {
  const users = Array.from({ length: 20 }, (_, user) =>
    Array.from({ length: 20 }, (_, n) => `i${(user + n) % 20}`).join(' '),
  );

  it('asks a tenth of the users, who do not train, for the newest tenth at once and for each event of it', () => {
    const { training, queries } = trialOf(eventsOf(users), service, 3);
    expect(training).toHaveLength(18);
    const inTraining = new Set(training);
    const heldOut = users.filter((user) => !inTraining.has(user)).map((user) => user.split(' '));
    expect(queries).toEqual({
      user: expect.toSatisfy((all: string[]) =>
        sameMembers(
          all,
          heldOut.map((items) => `${items.slice(0, 18).join(' ')} → ${items.slice(18).join(' ')}`),
        ),
      ),
      event: expect.toSatisfy((all: string[]) =>
        sameMembers(
          all,
          heldOut.flatMap((items) => [18, 19].map((at) => `${items.slice(0, at).join(' ')} → ${items[at]}`)),
        ),
      ),
    });
  });

  it('holds others out with another seed', () => {
    const events = eventsOf(users);
    expect(trialOf(events, service, 3)).toEqual(trialOf(events, service, 3));
    expect(trialOf(events, service, 3)).not.toEqual(trialOf(events, service, 4));
  });
});

const sameMembers = (a: readonly string[], b: readonly string[]) =>
  a.length === b.length && a.length > 0 && a.every((one) => b.includes(one));

describe('cold-items', () => {
  const users = Array.from({ length: 10 }, (_, user) => Array.from({ length: 10 }, (_, n) => `i${user * 10 + n}`));
  const ids = users.flat();
  const events = eventsOf(
    users.map((items) => items.join(' ')),
    [],
    ids.slice(0, 50),
  );

  it('hides every interaction of a tenth of the listed items, and asks for them among these alone and among all', () => {
    const { items, counts, queries } = prepareTrial(events, coldItems, 1);
    const hidden = [...items].filter((_, item) => counts[item] === 0);
    expect(hidden.length).toBeGreaterThan(0);
    expect(hidden.length).toBeLessThan(15);
    expect(ids.slice(0, 50)).toEqual(expect.arrayContaining(hidden));
    const found = queries.cold?.flatMap(({ truth }) => Array.from(truth, (item) => items.id(item)));
    expect(found?.sort()).toEqual(hidden.sort());
    for (const { input, excluded } of queries.cold ?? []) {
      expect(excluded).toHaveLength(100 - hidden.length);
      expect([...input.items].every((item) => excluded.includes(item))).toBe(true);
    }
    for (const { input, excluded } of queries.user ?? []) expect(excluded).toEqual(input.items);
  });

  it('keeps the order of what is left', () => {
    const { training, ranked } = trialOf(events, coldItems, 1);
    expect(training[9]).toBe(users[9]?.join(' '));
    expect(ranked.split(' ')).toHaveLength(100);
  });
});

describe('prepareTrial', () => {
  it('ranks the items with most training interactions first, whatever is to be found, and listed ones last', () => {
    const events = eventsOf(['c b', 'c b', 'a c', ''], ['a', 'a', 'z', 'a'], ['y', 'c']);
    expect(trialOf(events, givenSplit, 0).ranked).toBe('c b a y');
  });
});

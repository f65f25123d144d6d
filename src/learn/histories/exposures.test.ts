import { expect, it } from 'vitest';
import { type ActionHistories, actionEventCodes } from './action-data.ts';
import { answeredShares, exposuresOf } from './exposures.ts';

const day = 86_400;
const period = 14 * day;

type Event = readonly [days: number, type: keyof typeof actionEventCodes, action?: number];

/** One user a list. */
function historiesOf(...users: (readonly Event[])[]): ActionHistories {
  const events = users.flat();
  const ends = Uint32Array.from(users, (_, user) => users.slice(0, user + 1).flat().length);
  return {
    starts: Uint32Array.from(ends, (end, user) => end - (users[user]?.length ?? 0)),
    ends,
    actions: Uint32Array.from(events, ([, , action = 0]) => action),
    timestamps: Float64Array.from(events, ([days]) => days * day),
    types: Uint8Array.from(events, ([, type]) => actionEventCodes[type]),
  };
}

function found(...users: (readonly Event[])[]) {
  const { users: owners, timestamps, isTaken } = exposuresOf(historiesOf(...users), 2, period);
  return Array.from(owners, (user, n) => [user, timestamps[n] / day, isTaken[n]]);
}

it.each([
  [
    'a view that is taken within the period',
    [
      [0, 'VIEWED'],
      [3, 'TAKEN'],
    ],
    [[0, 0, 1]],
  ],
  [
    'a view that is taken later, which something else has shown',
    [
      [0, 'VIEWED'],
      [15, 'TAKEN'],
    ],
    [
      [0, 0, 0],
      [0, 15, 1],
    ],
  ],
  [
    'a view and its refusal',
    [
      [0, 'VIEWED'],
      [1, 'NOT_TAKEN'],
    ],
    [[0, 0, 0]],
  ],
  ['a refusal without a view', [[0, 'NOT_TAKEN']], [[0, 0, 0]]],
  ['taking without a view', [[0, 'TAKEN']], [[0, 0, 1]]],
  [
    'two views before it is taken',
    [
      [0, 'VIEWED'],
      [2, 'VIEWED'],
      [3, 'TAKEN'],
    ],
    [
      [0, 0, 1],
      [0, 2, 1],
    ],
  ],
  [
    'a refusal that is thought over',
    [
      [0, 'VIEWED'],
      [1, 'NOT_TAKEN'],
      [4, 'TAKEN'],
    ],
    [
      [0, 0, 1],
      [0, 4, 1],
    ],
  ],
  [
    'a view of another action',
    [
      [0, 'VIEWED'],
      [1, 'TAKEN', 1],
    ],
    [
      [0, 0, 0],
      [0, 1, 1],
    ],
  ],
] as const)('knows the exposures of %s', (_, events, expected) => {
  expect(found(events)).toEqual(expected);
});

it('tells users apart', () => {
  expect(found([[0, 'VIEWED']], [[1, 'TAKEN']])).toEqual([
    [0, 0, 0],
    [1, 1, 1],
  ]);
});

it('knows how many answers have come by the age of an exposure', () => {
  const taken = Array.from({ length: 100 }, (_, n): readonly Event[] => [
    [0, 'VIEWED'],
    [n < 50 ? 1 : 5, 'TAKEN'],
  ]);
  const late: readonly Event[] = [
    [18, 'VIEWED', 1],
    [20, 'VIEWED'],
  ];
  const shares = answeredShares(exposuresOf(historiesOf(...taken, late), 2, period), period);
  expect(shares[0]).toBe(1);
  expect(shares.at(-2)).toBe(0.5);
  expect(shares.at(-1)).toBeCloseTo(0.01);
});

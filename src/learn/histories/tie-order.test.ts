import fc from 'fast-check';
import { expect, it } from 'vitest';
import { historiesOf } from '../families/transformer/transformer.fixture.ts';
import { uniforms } from '../kernels/random.ts';
import { copyOf, emptyHistories, type Histories, historyOf, userCount } from './histories.ts';
import { drawAllTies, drawTies, settleTies } from './tie-order.ts';

function drawn(histories: Histories, seed: number): Histories {
  const copy = copyOf(histories);
  drawAllTies(copy, uniforms(seed));
  return copy;
}

/** Histories with a code for each interaction, at most some moments apart. */
function tied(users: readonly (readonly (readonly [item: number, secondsLater: number])[])[]) {
  const histories = emptyHistories(users.length, users.flat().length, [
    { name: 'PLACE', kind: 'categorical', values: Array.from({ length: 254 }, (_, n) => `${n}`) },
  ]);
  let at = 0;
  for (const [user, interactions] of users.entries()) {
    let time = 1_600_000_000;
    for (const [item, later] of interactions) {
      time += later;
      histories.items[at] = item;
      histories.timestamps[at] = time;
      histories.codes[0]?.set([1 + (item % 254)], at);
      at++;
    }
    histories.offsets[user + 1] = at;
  }
  return histories;
}

it('leaves each moment with what it has, in their order, and what is known of an interaction with it', () => {
  const anyUsers = fc.array(fc.array(fc.tuple(fc.nat(300), fc.nat(1)), { maxLength: 12 }), { minLength: 1 });
  fc.assert(
    fc.property(anyUsers, fc.integer(), (users, seed) => {
      const histories = tied(users);
      const reordered = drawn(histories, seed);
      expect(userCount(reordered)).toBe(users.length);
      for (let user = 0; user < users.length; user++) {
        const [before, after] = [historyOf(histories, user), historyOf(reordered, user)];
        expect(after.timestamps).toEqual(before.timestamps);
        const moments = ({ items, timestamps }: typeof before) =>
          Array.from(items, (item, n) => `${timestamps[n]} ${item}`).sort();
        expect(moments(after)).toEqual(moments(before));
        after.items.forEach((item, n) => {
          expect(after.codes[0]?.[n]).toBe(1 + (item % 254));
        });
      }
    }),
  );
});

it('gives every interaction of a moment the same chance to be the newest', () => {
  const histories = historiesOf(Array(4000).fill([0, 1, 2, 3]), 0);
  const reordered = drawn(histories, 1);
  const newest = new Float64Array(4);
  for (let user = 0; user < 4000; user++) {
    const item = historyOf(reordered, user).items.at(-1) ?? 0;
    newest[item] += 1 / 4000;
  }
  // Five standard deviations of a share are 0.034.
  for (const share of newest) expect(Math.abs(share - 1 / 4)).toBeLessThan(0.035);
});

it('leaves a history as it is where no moment has two', () => {
  const history = historyOf(historiesOf([[1, 2, 3]]), 0);
  expect(drawTies(history, uniforms(1))).toBe(history);
});

it('settles on one order, whatever order a moment comes in, and not on that of the indexes', () => {
  const items = Array.from({ length: 40 }, (_, item) => item);
  const histories = historiesOf([items, items.toReversed()], 0);
  const settled = settleTies(historyOf(histories, 0));
  expect(settleTies(historyOf(histories, 1)).items).toEqual(settled.items);
  expect(settleTies(settled).items).toEqual(settled.items);
  const rising = settled.items.filter((item, n, all) => n > 0 && item > all[n - 1]).length;
  // Half of 39 on average, and a standard deviation of 1.8.
  expect(Math.abs(rising - 19.5)).toBeLessThan(8);
});

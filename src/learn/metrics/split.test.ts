import { describe, expect, it } from 'vitest';
import { allUsers, emptyHistories, type Histories } from '../histories/histories.ts';
import { queryOf, splitUsers } from './split.ts';

function historiesOf(lengths: readonly number[]): Histories {
  const histories = emptyHistories(
    lengths.length,
    lengths.reduce((a, b) => a + b, 0),
  );
  lengths.forEach((length, user) => {
    histories.offsets[user + 1] = histories.offsets[user] + length;
  });
  histories.items.forEach((_, n) => {
    histories.items[n] = n;
  });
  return histories;
}

describe('splitUsers', () => {
  const histories = historiesOf(Array.from({ length: 110 }, (_, user) => (user < 10 ? 1 : 5)));

  it('holds out a tenth of the users who can be evaluated; everyone else trains', () => {
    const { training, heldOut } = splitUsers(histories, allUsers(histories), 7);
    expect(heldOut).toHaveLength(10);
    expect([...training, ...heldOut].sort((a, b) => a - b)).toEqual([...allUsers(histories)]);
    expect([...heldOut].every((user) => user >= 10)).toBe(true);
  });

  it('draws the same users for a seed, and others for another', () => {
    const drawn = (seed: number) => [...splitUsers(histories, allUsers(histories), seed).heldOut];
    expect(drawn(7)).toEqual(drawn(7));
    expect(drawn(7)).not.toEqual(drawn(8));
  });

  it('draws every user about as often as any other', () => {
    const counts = new Array<number>(110).fill(0);
    for (let seed = 0; seed < 1000; seed++) {
      for (const user of splitUsers(histories, allUsers(histories), seed).heldOut) counts[user] += 1;
    }
    expect(Math.min(...counts.slice(10))).toBeGreaterThan(60);
    expect(Math.max(...counts.slice(10))).toBeLessThan(140);
  });
});

describe('queryOf', () => {
  it('takes the newest tenth of a history, at least one interaction, as the truth', () => {
    const histories = historiesOf([2, 30]);
    expect(queryOf(histories, 0)).toMatchObject({ input: { items: Uint32Array.of(0) }, truth: new Set([1]) });
    const long = queryOf(histories, 1);
    expect(long.input.items).toHaveLength(27);
    expect(long.truth).toEqual(new Set([29, 30, 31]));
  });
});

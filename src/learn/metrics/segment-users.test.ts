import { describe, expect, it } from 'vitest';
import type { Csr } from '../kernels/csr.ts';
import { isEligible } from '../model/item-mask.ts';
import type { SegmentQuery } from '../model/segment-model.ts';
import { measureSegments, trainedLength } from './segment-users.ts';

/** Who had what: a list of users for each item, of 200 users. */
function usersByItem(...lists: readonly (readonly number[])[]): Csr {
  const offsets = new Uint32Array(lists.length + 1);
  for (const [n, list] of lists.entries()) offsets[n + 1] = (offsets[n] ?? 0) + list.length;
  return { rows: lists.length, columns: 200, offsets, indices: Uint32Array.from(lists.flat()) };
}

/** The users 0, 1, 2 … that a segment may have. */
const inOrder = {
  segment: async ({ count, eligible }: SegmentQuery) =>
    Uint32Array.from({ length: 200 }, (_, user) => user)
      .filter((user) => !eligible || isEligible(eligible, user))
      .slice(0, count),
};

const segments = [Uint32Array.of(0), Uint32Array.of(1), Uint32Array.of(0, 1), Uint32Array.of(2)];
const measured = (before: Csr, after: Csr) => measureSegments(inOrder, segments, { before, after }, 1, () => {});

describe('measureSegments', () => {
  it('counts who comes of the best hundredth, as a number and as a share, each segment with a comer once', async () => {
    const after = usersByItem([0, 1, 50, 51], [1], []);
    // Two of 4; one of 1; two of the 4 who come to either; nobody comes to the last.
    expect(await measured(usersByItem([], [], []), after)).toEqual({
      segments: 3,
      coverage: 0.01,
      hits: (2 + 1 + 2) / 3,
      recall: (0.5 + 1 + 0.5) / 3,
    });
  });

  it('leaves out who had something of a segment where users do not come back', async () => {
    const [before, after] = [usersByItem([0], [], []), usersByItem([1, 2, 3, 4], [9], [])];
    // The best are 1 and 2 for the segments with item 0, and 0 and 1 for the others.
    const { hits, coverage } = await measured(before, after);
    expect(hits).toBeCloseTo((2 + 0 + 2) / 3, 10);
    expect(coverage).toBe(3 / 200);
  });

  it('has them in segments where they do', async () => {
    const both = usersByItem([0, 7], [8], []);
    expect(await measured(both, both)).toMatchObject({ segments: 3, hits: 2 / 3, coverage: 0.01 });
  });
});

it('holds out a fifth of a history, one interaction of a short one, and none of a single one', () => {
  expect([0, 1, 2, 4, 10, 100].map(trainedLength)).toEqual([0, 1, 1, 3, 8, 80]);
});

import { expect, it } from 'vitest';
import { coherentCluster } from './coherent-cluster.ts';

/** Cosines of items in groups: `alike` within one, `else` between two. */
const grouped = (groups: readonly number[], alike: number, otherwise: number) =>
  Float32Array.from({ length: groups.length ** 2 }, (_, n) => {
    const [a, b] = [Math.floor(n / groups.length), n % groups.length];
    return a === b ? 1 : groups[a] === groups[b] ? alike : otherwise;
  });

it('finds the largest group', () => {
  const groups = [0, 1, 2, 1, 1, 0, 3];
  expect(coherentCluster(grouped(groups, 0.6, 0.1), groups.length, 0.3)).toEqual([1, 3, 4]);
});

it('goes on below the threshold until a group can speak for the list', () => {
  const groups = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5];
  expect(coherentCluster(grouped(groups, 0.6, 0.1), groups.length, 0.3)).toHaveLength(4);
  expect(coherentCluster(grouped(groups, 0.6, -0.1), groups.length, 0.3)).toEqual([0, 1]);
});

it('makes do with one item, and with none', () => {
  expect(coherentCluster(Float32Array.of(1), 1, 0.3)).toEqual([0]);
  expect(coherentCluster(new Float32Array(), 0, 0.3)).toEqual([]);
});

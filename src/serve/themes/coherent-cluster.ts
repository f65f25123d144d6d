/** A group that is to speak for a list has at least this share of its items, if they are alike at all. */
const leastShare = 1 / 4;

/**
 * The largest group of alike items of a list: clusters are joined, the most alike first, as long as the mean of the
 * cosines between the two is at least `least` (average linkage, Sokal and Michener 1958), or above 0 while there is no
 * group of a quarter of the items.
 *
 * @param cosines n × n
 * @returns numbers of items, ascending; of groups of one size the most alike, then the first
 */
export function coherentCluster(cosines: Float32Array, count: number, least: number): readonly number[] {
  const links = Float64Array.from(cosines);
  const members: (number[] | undefined)[] = Array.from({ length: count }, (_, n) => [n]);
  const within = new Float64Array(count);
  let most = 1;
  for (;;) {
    let best = most < leastShare * count ? Math.min(least, Number.MIN_VALUE) : least;
    let pair: readonly [number, number] | undefined;
    for (let a = 0; a < count; a++) {
      if (members[a] === undefined) continue;
      for (let b = a + 1; b < count; b++) {
        if (members[b] === undefined || links[a * count + b] < best) continue;
        if (pair && links[a * count + b] === best) continue;
        best = links[a * count + b];
        pair = [a, b];
      }
    }
    if (pair === undefined) break;
    join(...pair);
  }
  let largest = 0;
  members.forEach((group, n) => {
    if (group === undefined) return;
    const size = members[largest]?.length ?? 0;
    if (group.length > size || (group.length === size && coherence(n) > coherence(largest))) largest = n;
  });
  return (members[largest] ?? []).sort((a, b) => a - b);

  /** Takes b into a; cosines to it become the means over both. */
  function join(a: number, b: number): void {
    const [first, second] = [members[a] ?? [], members[b] ?? []];
    within[a] += within[b] + links[a * count + b] * first.length * second.length;
    const size = first.length + second.length;
    for (let n = 0; n < count; n++) {
      const mean = (first.length * links[a * count + n] + second.length * links[b * count + n]) / size;
      links[a * count + n] = mean;
      links[n * count + a] = mean;
    }
    members[a] = [...first, ...second];
    members[b] = undefined;
    most = Math.max(most, size);
  }

  /** The mean cosine of two of a cluster's items. */
  function coherence(cluster: number): number {
    const size = members[cluster]?.length ?? 0;
    return size < 2 ? 0 : within[cluster] / ((size * (size - 1)) / 2);
  }
}

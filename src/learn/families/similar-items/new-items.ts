import { type Csr, transpose } from '../../kernels/csr.ts';
import { CsrBuilder } from '../../kernels/csr-builder.ts';
import { topK } from '../../kernels/top-k.ts';
import type { NearestItems } from './nearest-items.ts';
import type { RelatedRows } from './related-rows.ts';

/** Items with interactions beside which a new one may stand: those with the likest vectors. */
const besideNew = 50;
/**
 * What nobody had is never the most probable. So new items are given as much of the first ranks as they are of all
 * items, at most a tenth, beside the items that they are likest to. The bonus for that is found on so many items.
 */
const firstRanks = 10;
const mostNew = 0.1;
const sampled = 2000;

/** For each item with interactions, the new ones to which it is among the likest. */
export function putNewBeside(nearest: NearestItems, counts: Uint32Array): Csr {
  const rows = new CsrBuilder(counts.length, counts.length);
  for (let item = 0; item < counts.length; item++) {
    const vector = nearest.vectorOf(item);
    const isNew = counts[item] === 0 && vector.some((value) => value !== 0);
    const best = isNew ? nearest.find(vector, 0, besideNew) : new Uint32Array();
    rows.add(best, new Float32Array(best.length));
  }
  return transpose(rows.build());
}

/** What is added to the logit of new items beside others. */
export function newItemBonus(related: RelatedRows, counts: Uint32Array): number {
  const asked = askedAbout(counts);
  const share = Math.min(mostNew, counts.filter((count) => count === 0).length / counts.length);
  const wanted = Math.round(share * firstRanks * asked.length);
  if (wanted === 0) return 0;
  const lacking: number[] = [];
  for (const item of asked) {
    const { items, logits } = related.row(item, 0);
    const others = logits.filter((_, n) => counts[items[n]] > 0);
    const [last] = topK(others, firstRanks).subarray(-1);
    if (others.length < firstRanks) continue;
    items.forEach((other, n) => {
      if (counts[other] === 0) lacking.push(others[last] - logits[n]);
    });
  }
  if (lacking.length === 0) return 0;
  const ascending = Float64Array.from(lacking).sort();
  return Math.max(0, ascending[Math.min(wanted, ascending.length) - 1]);
}

/** Items as often as they are asked about, which is taken to be as often as they have interactions. */
function askedAbout(counts: Uint32Array): Uint32Array {
  const step = counts.reduce((sum, count) => sum + count, 0) / sampled;
  const asked: number[] = [];
  let passed = 0;
  counts.forEach((count, item) => {
    passed += count;
    while (asked.length < passed / step) asked.push(item);
  });
  return Uint32Array.from(asked);
}

import { hasBit } from './bits.ts';

/**
 * The indices of the `k` greatest scores, best first, ties by lower index. Where `eligible` has a bit for each
 * (bits.ts), those whose bit is 0 are left out, so that fewer than `k` may come back. Scores must be numbers (no NaN).
 */
export function topK(scores: Float32Array, k: number, eligible?: Uint32Array): Uint32Array {
  const heap = new Uint32Array(Math.min(k, scores.length));
  if (heap.length === 0) return heap;
  let kept = 0;
  let worst = Number.NEGATIVE_INFINITY;
  for (let index = 0; index < scores.length; index++) {
    const score = scores[index];
    // Indices ascend, so an equal score comes after those that are kept.
    if (kept === heap.length && score <= worst) continue;
    if (eligible && !hasBit(eligible, index)) continue;
    if (kept < heap.length) rise(heap, kept++, index, scores);
    else sink(heap, kept, index, scores);
    worst = scores[heap[0]];
  }
  return sort(heap.subarray(0, kept), scores);
}

/** Whether index `a` comes before index `b`. */
function comesBefore(scores: Float32Array, a: number, b: number): boolean {
  const first = scores[a];
  const second = scores[b];
  return first > second || (first === second && a < b);
}

/** Puts `index` into the heap, whose root is the worst of all, at `position` and lets it rise to where it belongs. */
function rise(heap: Uint32Array, slot: number, index: number, scores: Float32Array): void {
  let at = slot;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    const above = heap[parent];
    if (!comesBefore(scores, above, index)) break;
    heap[at] = above;
    at = parent;
  }
  heap[at] = index;
}

/** Puts `index` in place of the root of a heap of `size` and lets it sink to where it belongs. */
function sink(heap: Uint32Array, size: number, index: number, scores: Float32Array): void {
  let at = 0;
  for (;;) {
    let child = 2 * at + 1;
    if (child >= size) break;
    const right = child + 1;
    if (right < size && comesBefore(scores, heap[child], heap[right])) child = right;
    const below = heap[child];
    if (!comesBefore(scores, index, below)) break;
    heap[at] = below;
    at = child;
  }
  heap[at] = index;
}

/** Heap sort: the worst goes behind what is left. */
function sort(heap: Uint32Array, scores: Float32Array): Uint32Array {
  for (let size = heap.length - 1; size > 0; size--) {
    const worst = heap[0];
    sink(heap, size, heap[size], scores);
    heap[size] = worst;
  }
  return heap;
}

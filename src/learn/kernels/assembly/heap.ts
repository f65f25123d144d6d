// The best entries so far: a heap of items and one of their scores, side by side, whose root is the worst of those
// kept.

/** The heap's order: greater scores first, ties by lower item. */
// @ts-ignore: decorator
@inline
function comesBefore(score: f32, item: u32, otherScore: f32, otherItem: u32): bool {
  return score > otherScore || (score == otherScore && item < otherItem);
}

/** Offers an entry: when the heap is full (`kept` is `limit`), only a better one gets in. Returns its size. */
export function keep(item: u32, score: f32, kept: usize, limit: usize, items: usize, scores: usize): usize {
  if (kept == limit) {
    if (comesBefore(score, item, load<f32>(scores), load<u32>(items))) sink(item, score, kept, items, scores);
    return kept;
  }
  let at = kept;
  while (at > 0) {
    const parent = (at - 1) >> 1;
    if (comesBefore(load<f32>(scores + (parent << 2)), load<u32>(items + (parent << 2)), score, item)) {
      store<u32>(items + (at << 2), load<u32>(items + (parent << 2)));
      store<f32>(scores + (at << 2), load<f32>(scores + (parent << 2)));
      at = parent;
    } else break;
  }
  store<u32>(items + (at << 2), item);
  store<f32>(scores + (at << 2), score);
  return kept + 1;
}

/** Puts an entry in place of the root of a heap of `size` and lets it sink to where it belongs. */
function sink(item: u32, score: f32, size: usize, items: usize, scores: usize): void {
  let at: usize = 0;
  while (true) {
    let child = at * 2 + 1;
    if (child >= size) break;
    const right = child + 1;
    if (
      right < size &&
      comesBefore(load<f32>(scores + (child << 2)), load<u32>(items + (child << 2)), load<f32>(scores + (right << 2)), load<u32>(items + (right << 2)))
    ) child = right;
    if (!comesBefore(score, item, load<f32>(scores + (child << 2)), load<u32>(items + (child << 2)))) break;
    store<u32>(items + (at << 2), load<u32>(items + (child << 2)));
    store<f32>(scores + (at << 2), load<f32>(scores + (child << 2)));
    at = child;
  }
  store<u32>(items + (at << 2), item);
  store<f32>(scores + (at << 2), score);
}

/** Heap sort in place, best first: the worst goes to the end of what is left. Returns `kept`. */
export function sort(kept: usize, items: usize, scores: usize): usize {
  for (let size = kept; size > 1; size--) {
    const last = (size - 1) << 2;
    const item = load<u32>(items + last);
    const score = load<f32>(scores + last);
    store<u32>(items + last, load<u32>(items));
    store<f32>(scores + last, load<f32>(scores));
    sink(item, score, size - 1, items, scores);
  }
  return kept;
}

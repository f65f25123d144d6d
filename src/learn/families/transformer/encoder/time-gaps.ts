/**
 * Gaps are known by their order of magnitude, to the base 2, up to some 34 years; bucket 0 is a history's first
 * interaction.
 */
export const gapBuckets = 32;

/**
 * For each interaction, the bucket of the time since the one before it: 1 for none, 2 for a second, 3 for two or three
 * …
 */
export function gapsOf(timestamps: Float64Array): Int32Array {
  const buckets = new Int32Array(timestamps.length);
  for (let n = 1; n < buckets.length; n++) {
    const seconds = Math.max(0, timestamps[n] - timestamps[n - 1]);
    buckets[n] = Math.min(gapBuckets - 1, 1 + Math.ceil(Math.log2(1 + seconds)));
  }
  return buckets;
}

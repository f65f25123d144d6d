/** Rows of a table of items at the indexes that they had; zeros for an item that is new (index −1). */
export function carriedRows(table: Float32Array, formerIndexes: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(formerIndexes.length * width);
  formerIndexes.forEach((formerIndex, item) => {
    if (formerIndex >= 0) rows.set(table.subarray(formerIndex * width, (formerIndex + 1) * width), item * width);
  });
  return rows;
}

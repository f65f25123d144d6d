/** Rows of a table of items at the places that they had; zeros for an item that is new (place −1). */
export function carriedRows(table: Float32Array, places: Int32Array, width: number): Float32Array {
  const rows = new Float32Array(places.length * width);
  places.forEach((place, item) => {
    if (place >= 0) rows.set(table.subarray(place * width, (place + 1) * width), item * width);
  });
  return rows;
}

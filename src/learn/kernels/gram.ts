/** Most partial sums that a Gram matrix is put together from; their number must not depend on the number of threads. */
const mostParts = 64;

/** How the rows of a matrix are cut for its Gram matrix. */
export function gramParts(rows: number): { parts: number; rowsPerPart: number } {
  const rowsPerPart = Math.max(1024, Math.ceil(rows / mostParts));
  return { parts: Math.ceil(rows / rowsPerPart), rowsPerPart };
}

/**
 * Sums `parts` upper triangles, which lie one behind the other as squares of `stride`, times `factor`, into the full
 * symmetric matrix `gram` of the same shape.
 */
export function joinGram(
  partial: Float32Array,
  parts: number,
  stride: number,
  factor: number,
  gram: Float32Array,
): void {
  for (let row = 0; row < stride; row++) {
    for (let column = row; column < stride; column++) {
      let sum = 0;
      for (let part = 0; part < parts; part++) sum += partial[(part * stride + row) * stride + column];
      gram[row * stride + column] = factor * sum;
      gram[column * stride + row] = factor * sum;
    }
  }
}

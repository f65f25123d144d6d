/**
 * A sparse matrix by rows: row r has the entries offsets[r] … offsets[r + 1] - 1, each a column in `indices` and, where
 * the matrix is not all ones, a value. A column appears at most once in a row. Arrays over a SharedArrayBuffer are read
 * by threads in place; others are copied first.
 */
export type Csr = {
  readonly rows: number;
  readonly columns: number;
  readonly offsets: Uint32Array;
  readonly indices: Uint32Array;
  readonly values?: Float32Array;
};

/** The transposed matrix, over shared memory; the columns of each row ascend. */
export function transpose(csr: Csr): Csr {
  const values = csr.values;
  const { offsets, positions } = transposeOrder(csr);
  const indices = sharedUint32(csr.indices.length);
  for (let row = 0; row < csr.rows; row++) {
    for (let entry = csr.offsets[row], end = csr.offsets[row + 1]; entry < end; entry++) {
      indices[positions[entry]] = row;
    }
  }
  const result = { rows: csr.columns, columns: csr.rows, offsets, indices };
  if (!values) return result;
  const moved = new Float32Array(new SharedArrayBuffer(values.byteLength));
  for (let entry = 0; entry < values.length; entry++) moved[positions[entry]] = values[entry];
  return { ...result, values: moved };
}

/** Where each entry of `csr` stands in its transposed matrix, and that matrix's offsets. */
export function transposeOrder(csr: Csr): { offsets: Uint32Array; positions: Uint32Array } {
  const offsets = sharedUint32(csr.columns + 1);
  for (const column of csr.indices) offsets[column + 1] = offsets[column + 1] + 1;
  for (let column = 0; column < csr.columns; column++) offsets[column + 1] = offsets[column + 1] + offsets[column];
  const next = offsets.slice(0, csr.columns);
  const positions = new Uint32Array(csr.indices.length);
  for (let entry = 0; entry < positions.length; entry++) {
    const column = csr.indices[entry];
    const position = next[column];
    positions[entry] = position;
    next[column] = position + 1;
  }
  return { offsets, positions };
}

/** The same matrix with every array over shared memory. */
export function shareCsr(csr: Csr): Csr {
  const shared = { ...csr, offsets: shareUint32(csr.offsets), indices: shareUint32(csr.indices) };
  return csr.values ? { ...shared, values: shareFloat32(csr.values) } : shared;
}

/** The array, copied into shared memory unless it lies there. */
export function shareUint32(array: Uint32Array): Uint32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const copy = sharedUint32(array.length);
  copy.set(array);
  return copy;
}

/** The array, copied into shared memory unless it lies there. */
export function shareFloat32(array: Float32Array): Float32Array {
  if (array.buffer instanceof SharedArrayBuffer) return array;
  const copy = new Float32Array(new SharedArrayBuffer(array.byteLength));
  copy.set(array);
  return copy;
}

function sharedUint32(length: number): Uint32Array {
  return new Uint32Array(new SharedArrayBuffer(length * 4));
}

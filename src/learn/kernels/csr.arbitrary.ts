import fc from 'fast-check';
import type { Csr } from './csr.ts';

/** Small sparse matrices with at least one column, some rows empty, columns of a row in any order. */
export function csrs(options: { values: boolean; maxRows?: number; maxColumns?: number }): fc.Arbitrary<Csr> {
  return fc
    .integer({ min: 1, max: options.maxColumns ?? 20 })
    .chain((columns) => {
      const row = fc.uniqueArray(fc.nat(columns - 1), { maxLength: columns });
      return fc.record({ columns: fc.constant(columns), rows: fc.array(row, { maxLength: options.maxRows ?? 20 }) });
    })
    .map(({ columns, rows }) => csrOf(columns, rows, options.values));
}

/** The matrix whose rows have entries in the given columns; values, where wanted, are 1, 2, 3, …, 7, 1, … */
export function csrOf(columns: number, rows: readonly (readonly number[])[], values = false): Csr {
  const ends = rows.map((_, row) => rows.slice(0, row + 1).reduce((sum, entries) => sum + entries.length, 0));
  const indices = Uint32Array.from(rows.flat());
  const csr = { rows: rows.length, columns, offsets: Uint32Array.of(0, ...ends), indices };
  return values ? { ...csr, values: Float32Array.from(indices, (_, entry) => 1 + (entry % 7)) } : csr;
}

/** Columns of a row. */
export function rowOf({ offsets, indices }: Csr, row: number): number[] {
  return [...indices.subarray(offsets[row], offsets[row + 1])];
}

/** The matrix with its zeros. */
export function dense(csr: Csr): number[][] {
  return Array.from({ length: csr.rows }, (_, row) => {
    const numbers = new Array<number>(csr.columns).fill(0);
    for (let entry = csr.offsets[row]; entry < csr.offsets[row + 1]; entry++) {
      numbers[csr.indices[entry]] = csr.values?.[entry] ?? 1;
    }
    return numbers;
  });
}

import { apply, integer, text } from '../graph/apply.ts';
import { sizeAt, sizeOf } from '../graph/shape.ts';
import { describe, type Value } from '../graph/value.ts';
import { split } from './join.ts';
import { reshapeTo } from './reshape-to.ts';
import { zerosOf } from './zeros.ts';

/**
 * The rows of a table [rows, width] that `ids` (int32) name: [...ids, width]. Its gradient adds rows of that width to a
 * table of zeros, or to the gradient that the table has from elsewhere.
 */
export function gather(table: Value, ids: Value): Value {
  if (table.shape.length !== 2) throw new Error(`gather: ${describe(table)} is no table of rows.`);
  return apply('Gather', [table, ids], {
    shape: [...ids.shape, sizeAt(table.shape, 1)],
    type: table.type,
    attributes: { axis: integer(0) },
    gradient: (gradient) => [{ addTo: (base) => scatterAdd(base ?? zerosOf(table.shape), ids, gradient) }],
  });
}

/** For each row of a matrix the element in the column that `columns` [rows] (int32) names: [rows, 1]. No gradient. */
export function pick(matrix: Value, columns: Value): Value {
  const shape = [sizeOf(columns.shape), 1];
  return apply('GatherElements', [matrix, reshapeTo(columns, shape)], { shape, attributes: { axis: integer(1) } });
}

/**
 * Elements up to which ONNX Runtime's ScatterND surely runs in one thread: it begins to share out from 210,000 on. Then
 * it does so without regard to rows that are named twice, and additions get lost (onnxruntime issue 18048; with 1.30, 3
 * in 100 runs of 230,000 elements went wrong). So a longer list is cut into pieces, one after the other.
 */
const sequentialElements = 1 << 17;

/**
 * `base` with `rows` [...ids, width] added to its rows that `ids` name, which may be named more than once. No gradient.
 */
export function scatterAdd(base: Value, ids: Value, rows: Value): Value {
  const count = sizeOf(ids.shape);
  const width = sizeAt(base.shape, 1);
  const positions = apply('Cast', [reshapeTo(ids, [count, 1])], {
    shape: [count, 1],
    type: 'int64',
    attributes: { to: integer(7) },
  });
  const piece = Math.max(1, Math.floor(sequentialElements / width));
  const sizes = Array.from({ length: Math.ceil(count / piece) }, (_, n) => Math.min(piece, count - n * piece));
  const pieces = split(reshapeTo(rows, [count, width]), sizes, 0);
  const at = split(positions, sizes, 0);
  return pieces.reduce((sum, part, n) => addRows(sum, at[n] ?? positions, part), base);
}

const addRows = (base: Value, positions: Value, rows: Value): Value =>
  apply('ScatterND', [base, positions, rows], { shape: base.shape, attributes: { reduction: text('add') } });

import { codeCount, type InteractionColumn } from '../../../histories/interaction-columns.ts';
import { add, embedding, gather, input, multiply, type Scope, type Value } from '../../../tensor/index.ts';

/** A column of the interactions among graphs: int32 [rows, length]. */
export type ColumnInput = {
  readonly column: InteractionColumn;
  /** Its code of each interaction. */
  readonly happened: Value;
  /**
   * Its code of what is to be predicted after each interaction, 0 where that is withheld; absent where it is never
   * known.
   */
  readonly asked?: Value;
};

/** A request says where someone is and what they hold, not what kind of event is to come of it. */
const isCondition = ({ name }: InteractionColumn) => name !== 'EVENT_TYPE';

/**
 * So much of what is to be predicted is withheld, column by column: a request need not have a context, and
 * should be answered as well without one.
 */
const withheldShare = 0.4;

export const columnInputs = (columns: readonly InteractionColumn[], shape: readonly number[]): ColumnInput[] =>
  columns.map((column) => ({
    column,
    happened: input(`happened.${column.name}`, shape, 'int32'),
    ...(isCondition(column) && { asked: input(`asked.${column.name}`, shape, 'int32') }),
  }));

/** `x` and a vector for each code in `which`. Parameters `happened.NAME.table` or `asked.NAME.table`. */
export function addColumns(
  scope: Scope,
  x: Value,
  columns: readonly ColumnInput[],
  which: 'happened' | 'asked',
  width: number,
): Value {
  return columns.reduce((sum, { column, [which]: codes }) => {
    if (codes === undefined) return sum;
    const table = embedding(scope.in(which).in(column.name), { rows: codeCount(column), width });
    return add(sum, multiply(gather(table, codes), Math.sqrt(width)));
  }, x);
}

/** What the inputs are fed, flat. */
export type ColumnFeeds = Readonly<Record<`happened.${string}` | `asked.${string}`, Int32Array>>;

export function emptyColumnFeeds(columns: readonly InteractionColumn[], size: number): ColumnFeeds {
  const feeds: Record<keyof ColumnFeeds, Int32Array> = {};
  for (const column of columns) {
    feeds[`happened.${column.name}`] = new Int32Array(size);
    if (isCondition(column)) feeds[`asked.${column.name}`] = new Int32Array(size);
  }
  return feeds;
}

/** Sets the codes of interactions, column by column, from the position `at` on. */
export function setHappened(
  feeds: ColumnFeeds,
  columns: readonly InteractionColumn[],
  codes: readonly Uint8Array[],
  at: number,
): void {
  for (const [n, { name }] of columns.entries()) feeds[`happened.${name}`]?.set(codes[n] ?? [], at);
}

/** Sets the condition of a query at the position `at`: a code for each column. */
export function setCondition(
  feeds: ColumnFeeds,
  columns: readonly InteractionColumn[],
  codes: ArrayLike<number>,
  at: number,
): void {
  for (const [n, { name }] of columns.entries()) {
    const feed = feeds[`asked.${name}`];
    if (feed) feed[at] = codes[n] ?? 0;
  }
}

/** The columns' codes of an interaction that a query for it has as its condition. */
export const conditionOf = (codes: readonly Uint8Array[], interaction: number, random: () => number): Uint8Array =>
  Uint8Array.from(codes, (column) => (random() < withheldShare ? 0 : (column.at(interaction) ?? 0)));

import { readCsv } from '../../quickstart/csv.ts';

/** Whose lists are asked for: users, or items that others are like. */
export type Subject = { readonly column: 'USER_ID' | 'ITEM_ID'; readonly key: 'userId' | 'itemId' };

/**
 * The ids of a file in batches: one a line, with or without a header, or the column of a CSV file that bears the name.
 * A file whose name ends in `.gz` is unpacked.
 */
export async function* idsOf(path: string, { column }: Subject): AsyncGenerator<readonly string[]> {
  let index: number | undefined;
  for await (const lines of readCsv(path)) {
    const [first] = lines;
    const isFirst = index === undefined && first !== undefined;
    const named = isFirst ? first.cells.findIndex((cell) => cell.trim().toUpperCase() === column) : -1;
    if (isFirst) index = Math.max(0, named);
    const ids = lines.slice(named >= 0 ? 1 : 0).map(({ cells }) => cells[index ?? 0] ?? '');
    yield ids.filter((id) => id !== '');
  }
}

import type { Subject } from './ids-file.ts';

/** An output line of a batch inference job (spec batch.md §3). */
type Answer = {
  readonly input: Readonly<Record<string, unknown>> | string;
  readonly output: {
    readonly recommendedItems: readonly string[];
    readonly scores?: readonly (number | null)[];
  } | null;
  readonly error: string | null;
};

/** A line that could not be answered. */
export type FailedLine = { readonly id: string; readonly error: string };

export const headerFor = ({ column }: Subject): string =>
  column === 'USER_ID' ? 'USER_ID,ITEM_ID,RANK,SCORE\n' : 'ITEM_ID,RELATED_ITEM_ID,RANK\n';

/** The rows of an output line, best first from rank 1 on; without rows what is wrong with it. */
export function rowsOf(line: string, { column, key }: Subject): string | FailedLine {
  const { input, output, error }: Answer = JSON.parse(line);
  const id = typeof input === 'string' ? input : String(input[key] ?? '');
  if (!output) return { id, error: error ?? 'It has no output.' };
  const { recommendedItems, scores } = output;
  const first = quoted(id);
  let rows = '';
  for (const [position, item] of recommendedItems.entries()) {
    const score = column === 'USER_ID' ? `,${scores?.[position] ?? ''}` : '';
    rows += `${first},${quoted(item)},${position + 1}${score}\n`;
  }
  return rows;
}

const quoted = (cell: string): string => (/[",\n\r]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);

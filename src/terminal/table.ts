export type Column = {
  readonly title: string;
  readonly align?: 'left' | 'right' /** Longer cells are cut. */;
  readonly limit?: number;
};

/** Rows as lines of text under their titles, each column as wide as its widest cell. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string {
  const shown = rows.map((row) => columns.map(({ limit }, i) => cut(row[i] ?? '', limit)));
  const widths = columns.map(({ title }, i) => Math.max(title.length, ...shown.map((row) => row[i]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, i) =>
        align === 'right' ? cells[i]?.padStart(widths[i] ?? 0) : cells[i]?.padEnd(widths[i] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [
    line(columns.map(({ title }) => title)),
    widths.map((width) => '─'.repeat(width)).join('  '),
    ...shown.map(line),
  ]
    .map((text) => `  ${text}\n`)
    .join('');
}

const cut = (text: string, limit = Number.POSITIVE_INFINITY) =>
  text.length > limit ? `${text.slice(0, limit - 1).trimEnd()}…` : text;

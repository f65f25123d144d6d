import type { BenchResult } from './result.ts';

/** Whether a result keeps its budget; undefined where it has none. */
export function keepsLimit({ value, ratio, limit, least }: BenchResult): boolean | undefined {
  const measured = ratio ?? value;
  if (limit === undefined && least === undefined) return undefined;
  return measured <= (limit ?? measured) && measured >= (least ?? measured);
}

/** The results as a Markdown table, which reads as well on a terminal. */
export function resultsTable(results: readonly BenchResult[]): string {
  const head = ['what', 'value', 'beside the peer', 'budget', 'detail'];
  const rows = results.map((result) => [
    result.name,
    `${readable(result.value)} ${result.unit}`,
    result.ratio === undefined ? '' : `${readable(result.ratio)} ×`,
    budget(result),
    result.detail ?? '',
  ]);
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join(' | ')} |`;
  return [line(head), `|${widths.map((each) => '-'.repeat(each + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

function budget(result: BenchResult): string {
  const { limit, least } = result;
  const bounds = [limit === undefined ? [] : `≤ ${readable(limit)}`, least === undefined ? [] : `≥ ${readable(least)}`];
  return `${bounds.flat().join(', ')}${keepsLimit(result) === false ? ' MISSED' : ''}`;
}

const width = (text: string) => [...text].length;

/** Three significant digits, large numbers in full. */
const readable = (value: number) =>
  value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

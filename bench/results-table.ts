import type { BenchResult } from './result.ts';

/** Whether a result keeps its budget; undefined where it has none. */
export function keepsLimit({ value, ratio, limit, least }: BenchResult): boolean | undefined {
  const measured = ratio ?? value;
  if (limit === undefined && least === undefined) return undefined;
  return measured <= (limit ?? measured) && measured >= (least ?? measured);
}

/** Widest line of Markdown. */
const columns = 120;

/** The results in Markdown, a section a bench: a table, and below it what one has to know to read the numbers. */
export function resultsPage(results: readonly BenchResult[]): string {
  const sections = Map.groupBy(results, ({ name }) => name.split(': ', 1)[0] ?? '');
  return [...sections]
    .map(([bench, own]) => [`### ${bench}`, resultsTable(own), details(own)].filter(Boolean).join('\n\n'))
    .join('\n\n');
}

function resultsTable(results: readonly BenchResult[]): string {
  const head = ['what', 'value', 'beside the peer', 'budget'];
  const rows = results.map((result) => [
    titleOf(result),
    `${readable(result.value)} ${result.unit}`,
    result.ratio === undefined ? '' : `${readable(result.ratio)} ×`,
    budget(result),
  ]);
  const widths = head.map((title, column) => Math.max(...[title, ...rows.map((row) => row[column] ?? '')].map(width)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell))).join(' | ')} |`;
  return [line(head), `|${widths.map((each) => '-'.repeat(each + 2)).join('|')}|`, ...rows.map(line)].join('\n');
}

/** Each detail once, with the results that it belongs to unless it belongs to all. */
function details(results: readonly BenchResult[]): string {
  const titles = Map.groupBy(results, ({ detail }) => detail);
  return [...titles]
    .flatMap(([detail, own]) => {
      if (detail === undefined) return [];
      return [titles.size === 1 ? `- ${detail}` : `- ${own.map(titleOf).join('; ')}: ${detail}`];
    })
    .map(wrapped)
    .join('\n');
}

const titleOf = ({ name }: BenchResult) => name.slice(name.indexOf(': ') + 2);

function wrapped(item: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of item.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (width(longer) <= columns) line = longer;
    else {
      lines.push(line);
      line = `  ${word}`;
    }
  }
  return [...lines, line].join('\n');
}

function budget(result: BenchResult): string {
  const { limit, least } = result;
  const bounds = [limit === undefined ? [] : `≤ ${readable(limit)}`, least === undefined ? [] : `≥ ${readable(least)}`];
  return `${bounds.flat().join(', ')}${keepsLimit(result) === false ? ' **missed**' : ''}`;
}

const width = (text: string) => [...text].length;

/** Three significant digits, large numbers in full. */
const readable = (value: number) =>
  value.toLocaleString('en', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

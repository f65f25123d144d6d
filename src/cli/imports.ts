import type { Output } from '../contract/operations.ts';
import { table } from '../terminal/table.ts';
import { askAdmin, timeOf } from './ask-admin.ts';
import type { ImportsOptions } from './options/tool-options.ts';

/** Shows the newest import jobs, and what was wrong with the rows of one. @throws Error with a sentence for a person */
export async function showImports(options: ImportsOptions, output: NodeJS.WritableStream): Promise<void> {
  const { job, dataset, limit } = options;
  const { imports } = await askAdmin(options, 'ListImports', { job, dataset, limit });
  if (imports.length === 0) return void output.write('\n  There are no import jobs yet.\n\n');
  output.write(`\n${table(jobColumns, imports.map(jobRow))}\n`);
  const [only, another] = imports;
  if (only !== undefined && another === undefined) output.write(describe(only, limit));
  else if (imports.some(({ problems }) => problems.length > 0)) output.write('  Which rows: --job ARN\n\n');
}

type InspectedImport = Output<'ListImports'>['imports'][number];

const jobColumns = [
  ...[{ title: 'created (UTC)' }, { title: 'import job' }, { title: 'status' }],
  ...[{ title: 'rows' }, { title: 'left out' }, { title: 'values missing' }].map((column) => ({
    ...column,
    align: 'right' as const,
  })),
];

const jobRow = ({ createdAt, datasetImportJobArn, status, rows, rowsLeftOut, valuesMissing }: InspectedImport) => [
  ...[timeOf(createdAt), datasetImportJobArn, status],
  ...[rows, rowsLeftOut, valuesMissing].map((count) => count?.toLocaleString('en') ?? '–'),
];

function describe({ failureReason, problems }: InspectedImport, limit: number): string {
  const reason = failureReason === undefined ? '' : `  ${failureReason}\n\n`;
  if (problems.length === 0) return reason;
  const rows = problems.map(({ uri, line, column, value, rule, outcome }) => [
    ...[uri, String(line), column ?? '–', value === undefined ? '–' : JSON.stringify(value), rule, outcome],
  ]);
  const isAtLimit = problems.length === limit && limit < mostProblems;
  const more = isAtLimit
    ? `  These are the first ${limit}: --limit ${mostProblems} shows up to ${mostProblems}.\n\n`
    : '';
  return `${reason}${table(problemColumns, rows)}\n${more}`;
}

/** As many as an import keeps. */
const mostProblems = 1000;

const problemColumns = [
  ...[{ title: 'file' }, { title: 'line' }, { title: 'column' }, { title: 'value', limit: 32 }],
  ...[{ title: 'rule' }, { title: 'what became of it' }],
];

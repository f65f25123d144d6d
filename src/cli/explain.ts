import type { Input, Output } from '../contract/operations.ts';
import { table } from '../terminal/table.ts';
import { askAdmin, timeOf } from './ask-admin.ts';
import type { ExplainOptions } from './options/tool-options.ts';

type Explained = Output<'Explain'>;
type Item = Explained['items'][number];
type Cause = NonNullable<Item['causes']>[number];

/** Says why a campaign or recommender gives a user these items. @throws Error with a sentence for a person */
export async function showExplanation(options: ExplainOptions, output: NodeJS.WritableStream): Promise<void> {
  refuseWithoutEffect(options);
  const explained = await askAdmin(options, 'Explain', requestOf(options));
  if (options.json) return void output.write(`${JSON.stringify(explained, null, 2)}\n`);
  output.write(`\n${explained.summary.map((sentence) => paragraph(sentence, '  ')).join('')}`);
  if (explained.items.length === 0) return void output.write('\n  The list is empty.\n\n');
  explained.items.forEach((item, n) => {
    output.write(`\n${heading(item, n + 1)}${paragraph(item.why, '     ')}${causesOf(item)}${partsOf(item)}`);
  });
  output.write('\n');
}

/** GetRecommendations ignores values without a filter. Here somebody has forgotten an option. */
function refuseWithoutEffect(options: ExplainOptions) {
  const { campaign, recommender, filter, filterValues, promote, promotionFilter, promotionValues } = options;
  if ((campaign === undefined) === (recommender === undefined)) throw new Error('Give --campaign or --recommender.');
  if (filterValues && filter === undefined) throw new Error('--filter-values needs --filter.');
  if (promotionValues && promotionFilter === undefined) throw new Error('--promotion-values needs --promotion-filter.');
  if (promotionFilter !== undefined && promote === undefined) throw new Error('--promotion-filter needs --promote.');
}

const requestOf = (options: ExplainOptions): Input<'Explain'> => ({
  campaignArn: options.campaign,
  recommenderArn: options.recommender,
  userId: options.user,
  itemId: options.item,
  numResults: options.results,
  context: options.context,
  filterArn: options.filter,
  filterValues: options.filterValues,
  promotions: promotionsOf(options),
  inputList: options.items && [...options.items],
});

const promotionsOf = ({ promote, promotionFilter, promotionValues }: ExplainOptions) =>
  promote === undefined
    ? undefined
    : [{ percentPromotedItems: promote, filterArn: promotionFilter, filterValues: promotionValues }];

function heading({ itemId, title, score, origin }: Item, rank: number): string {
  const name = title === undefined ? itemId : `${title} (${itemId})`;
  const facts = [
    ...(score === undefined ? [] : [`score ${score.toFixed(7)}`]),
    ...(origin === 'exploration' ? ['explored'] : []),
    ...(origin === 'promotion' ? ['promoted'] : []),
  ];
  return `  ${rank}. ${[name, ...facts].join('   ')}\n`;
}

/** Causes that a person looks at; the JSON has more. */
const mostCauses = 8;

function causesOf({ causes = [] }: Item): string {
  if (causes.length === 0) return '';
  const rows = causes
    .slice(0, mostCauses)
    .map((cause) => [
      ...[nameOf(cause), newestOf(cause), signed(cause.change)],
      ...[`× ${Math.exp(cause.lift).toFixed(2)}`, cause.scoreWithout.toFixed(7)],
    ]);
  return indented(table(causeColumns, rows));
}

function nameOf({ kind, itemId = '', title, interactions = 1 }: Cause): string {
  if (kind === 'user') return "the user's metadata";
  if (kind === 'context') return 'the context';
  return `${title ?? itemId}${interactions > 1 ? ` (${interactions} times)` : ''}`;
}

const newestOf = ({ newestAt }: Cause) => (newestAt === undefined ? '–' : timeOf(newestAt * 1000));

const causeColumns = [
  { title: 'because of', limit: 44 },
  { title: 'newest (UTC)' },
  { title: 'logit', align: 'right' as const },
  { title: 'score', align: 'right' as const },
  { title: 'score without it', align: 'right' as const },
];

/** `logit 3.21 = encoder 1.40 + popularity 0.30 …`. */
function partsOf({ logit, parts = [] }: Item): string {
  if (logit === undefined) return '';
  const sum = parts.map(({ name, value }) => `${name} ${fixed(value)}`).join(' + ');
  return paragraph(`logit ${fixed(logit)} = ${sum}`, '     ');
}

const signed = (value: number) => `${value < 0 ? '' : '+'}${fixed(value)}`;

const fixed = (value: number) => value.toFixed(3).replace('-', '−');

const indented = (lines: string) => lines.replace(/^(?=.)/gm, '   ');

const width = 110;

function paragraph(text: string, indent: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && indent.length + line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].map((each) => `${indent}${each}\n`).join('');
}

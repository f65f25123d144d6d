import type { DatasetSchema, Field } from '../dataset-schema.ts';

/** The datasets whose columns a metric may sum. */
export type SummedDataset = 'INTERACTIONS' | 'ITEMS';

/** What a metric makes of its events. */
export type MetricExpression =
  | { readonly math: 'samplecount' }
  | { readonly math: 'sum'; readonly dataset: SummedDataset; readonly column: string };

/** What is wrong with an expression; the message names the place. */
export class ExpressionError extends Error {
  override name = 'ExpressionError';
}

type Token = { readonly text: string /** From 1. */; readonly at: number };

const datasets: Readonly<Record<string, SummedDataset>> = { interactions: 'INTERACTIONS', items: 'ITEMS' };
const forms = 'SAMPLECOUNT(), SUM(Interactions.COLUMN) or SUM(Items.COLUMN)';

/**
 * Reads `SAMPLECOUNT()`, `SUM(Interactions.COLUMN)` or `SUM(Items.COLUMN)`. Names of functions and datasets are read
 * in any case, with blanks between words and signs.
 *
 * @throws ExpressionError with the character, from 1, that is wrong
 */
export function parseExpression(text: string): MetricExpression {
  const tokens = tokensOf(text);
  let next = 0;
  const take = (isWanted: (token: string) => boolean, wanted: string): Token => {
    const token = tokens[next] ?? { text: '', at: text.length + 1 };
    if (!isWanted(token.text)) throw wrong(token, wanted);
    next++;
    return token;
  };
  const sign = (wanted: string) => take((token) => token === wanted, `"${wanted}"`);
  const name = take((token) => /^(sum|samplecount)$/i.test(token), 'SUM or SAMPLECOUNT');
  sign('(');
  let expression: MetricExpression = { math: 'samplecount' };
  if (/^sum$/i.test(name.text)) {
    const dataset = take((token) => Object.hasOwn(datasets, token.toLowerCase()), 'Interactions or Items');
    sign('.');
    const { text: column } = take((token) => /^\w+$/.test(token), 'the name of a column');
    expression = { math: 'sum', dataset: datasets[dataset.text.toLowerCase()] ?? 'ITEMS', column };
  }
  sign(')');
  take((token) => token === '', 'nothing more');
  return expression;
}

const tokensOf = (text: string): Token[] =>
  [...text.matchAll(/\w+|[^\s\w]/gu)].map((match) => ({ text: match[0], at: match.index + 1 }));

function wrong({ text, at }: Token, wanted: string): ExpressionError {
  const found = text === '' ? 'it ends' : `there is ${JSON.stringify(text)}`;
  return new ExpressionError(`at character ${at} ${found} and should be ${wanted}. An expression is ${forms}.`);
}

/**
 * The column that an expression sums, by the name that the schema has for it: as written, or else in any case.
 *
 * @throws ExpressionError if there is none of the name, or it has no numbers
 */
export function summedColumn(
  { dataset, column }: Extract<MetricExpression, { math: 'sum' }>,
  schema: DatasetSchema | undefined,
): string {
  const title = dataset === 'ITEMS' ? 'Items' : 'Interactions';
  if (!schema) throw new ExpressionError(`the dataset group has no ${title} dataset.`);
  const field =
    schema.fields.find(({ name }) => name === column) ??
    schema.fields.find(({ name }) => name.toUpperCase() === column.toUpperCase());
  if (!field) throw new ExpressionError(`the schema of the ${title} dataset has no column ${column}.`);
  if (isNumeric(field)) return field.name;
  throw new ExpressionError(`column ${field.name} of the ${title} dataset is of type ${field.type}, not a number.`);
}

const isNumeric = ({ type }: Field) => type !== 'string' && type !== 'boolean';

import { SegmentSubjectError } from '../../model/segment-model.ts';

/** One of the attributes that items should have. */
export type AttributeCondition = {
  /** As it is written: names have any case. */
  readonly column: string;
  /** Where its name stands, in characters from 1. */
  readonly columnAt: number;
  /** A text stands in quotes, a number does not. */
  readonly value: string | number;
  /** Where the value stands, in characters from 1. */
  readonly at: number;
};

/** The longest expression, in characters: that of a filter. */
const longest = 2500;

const tokens = {
  column: /ITEMS\s*\.\s*([A-Za-z_][A-Za-z\d_]*)/iy,
  equals: /=(?!=)/y,
  text: /"((?:[^"\\]|\\["\\])*)"|'((?:[^'\\]|\\['\\])*)'/y,
  number: /[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?(?![\w.])/y,
  and: /AND\b/iy,
} as const;

/**
 * Reads `ITEMS.column = value AND …` (spec recipes.md §3.2, batch.md §5). In a text, a backslash stands before quotes
 * of its kind and before itself.
 *
 * @throws SegmentSubjectError with the position of the first character that no expression has there
 */
export function parseAttributes(expression: string): readonly AttributeCondition[] {
  if (expression.length > longest) {
    throw invalid(longest + 1, `it has ${expression.length} characters, and ${longest} is the most`);
  }
  let offset = 0;
  const skipBlanks = () => {
    while (/\s/.test(expression.charAt(offset))) offset++;
  };
  const take = (token: keyof typeof tokens): RegExpExecArray | undefined => {
    skipBlanks();
    const pattern = tokens[token];
    pattern.lastIndex = offset;
    const match = pattern.exec(expression) ?? undefined;
    offset += match?.[0].length ?? 0;
    return match;
  };
  const unexpected = (wanted: string) => {
    skipBlanks();
    return invalid(offset + 1, `${wanted} is expected${offset < expression.length ? hintAt(expression, offset) : ''}`);
  };
  const condition = (): AttributeCondition => {
    const column = take('column')?.[1];
    if (column === undefined) throw unexpected('ITEMS. and the name of a column');
    const columnAt = offset - column.length + 1;
    if (!take('equals')) throw unexpected('=');
    skipBlanks();
    const at = offset + 1;
    const text = take('text');
    if (text) return { column, columnAt, value: (text[1] ?? text[2] ?? '').replaceAll(/\\(.)/g, '$1'), at };
    const number = take('number')?.[0];
    if (number === undefined) throw unexpected('a text in quotes or a number');
    return { column, columnAt, value: Number(number), at };
  };
  const conditions = [condition()];
  while (take('and')) conditions.push(condition());
  skipBlanks();
  if (offset < expression.length) throw unexpected('AND or the end');
  return conditions;
}

/** What often stands where something else should. */
function hintAt(expression: string, offset: number): string {
  const rest = expression.slice(offset);
  if (/^(<|>|!|==)/.test(rest)) return '; attributes are compared by = alone';
  if (/^(OR|IN|NOT)\b/i.test(rest)) return '; conditions are joined by AND alone';
  if (/^["']/.test(rest)) return '; the text has no end, or a backslash that is not before a quote';
  return `, not ${JSON.stringify(rest.slice(0, 20))}`;
}

const invalid = (position: number, reason: string) =>
  new SegmentSubjectError(`Invalid itemAttributes at character ${position}: ${reason}.`);

/** The same for what the attributes of the training do not fit. */
export const invalidColumn = ({ columnAt }: AttributeCondition, reason: string): SegmentSubjectError =>
  invalid(columnAt, reason);
export const invalidValue = ({ at }: AttributeCondition, reason: string): SegmentSubjectError => invalid(at, reason);

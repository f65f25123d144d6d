import { isDecimal } from '../../../util/decimal.ts';
import type { FeatureColumn, Metadata } from '../../features/column.ts';
import { uint8Tensor, uint32Tensor } from '../../model/model-content.ts';
import { Vocabulary, VocabularyBuilder } from '../../model/vocabulary.ts';
import type { LearnedModel, Tensor } from '../../recipes/recipe.ts';
import { type AttributeCondition, invalidColumn, invalidValue, parseAttributes } from './attribute-expression.ts';

/** Which items have which value of which column: lists of items, ascending, by key. */
export type AttributeIndex = {
  readonly columns: readonly FeatureColumn[];
  /** Position of the column, `:` and the value. */
  readonly keys: Vocabulary;
  /** List n is [offsets[n], offsets[n + 1]) of the items. */
  readonly offsets: Uint32Array;
  readonly items: Uint32Array;
};

const keyOf = (column: number, value: string | number) => `${column}:${value}`;

/** Reads categorical and numeric columns; values joined by `|` are several. */
export async function indexAttributes(metadata: Metadata): Promise<AttributeIndex> {
  const numbers = new Map<string, number>();
  const keys = new VocabularyBuilder();
  const counts: number[] = [];
  const foundKeys: number[] = [];
  const foundItems: number[] = [];
  let item = 0;
  for await (const cells of metadata.rows(1)) {
    for (const key of new Set(cells.flatMap((cell, column) => keysOf(cell, column)))) {
      let number = numbers.get(key);
      if (number === undefined) {
        number = numbers.size;
        numbers.set(key, number);
        keys.add(key);
        counts.push(0);
      }
      counts[number] += 1;
      foundKeys.push(number);
      foundItems.push(item);
    }
    item++;
  }
  const offsets = new Uint32Array(counts.length + 1);
  for (const [key, count] of counts.entries()) offsets[key + 1] = offsets[key] + count;
  const next = offsets.slice();
  const items = new Uint32Array(foundItems.length);
  for (let n = 0; n < items.length; n++) {
    const key = foundKeys[n];
    items[next[key]] = foundItems[n];
    next[key] += 1;
  }
  return { columns: metadata.columns, keys: keys.build(), offsets, items };
}

function keysOf(cell: unknown, column: number): string[] {
  if (typeof cell === 'number') return Number.isFinite(cell) ? [keyOf(column, cell)] : [];
  if (typeof cell !== 'string') return [];
  return cell.split('|').flatMap((value) => (value === '' ? [] : [keyOf(column, value)]));
}

/** The lists of all values, in the order in which they were met. */
export const everyAttribute = ({ keys, offsets, items }: AttributeIndex): readonly Uint32Array[] =>
  Array.from({ length: keys.size }, (_, key) => items.subarray(offsets[key], offsets[key + 1]));

/**
 * The items with all attributes of an expression, which may be none.
 *
 * @throws SegmentSubjectError where the expression is wrong, or names a column or a kind of value that the training did
 *   not know
 */
export function itemsWith(index: AttributeIndex, expression: string): Uint32Array {
  const lists = parseAttributes(expression).map((condition) => listOf(index, condition));
  const [first = new Uint32Array(), ...others] = lists.toSorted((one, other) => one.length - other.length);
  const sets = others.map((list) => new Set(list));
  return first.filter((item) => sets.every((set) => set.has(item)));
}

function listOf({ columns, keys, offsets, items }: AttributeIndex, condition: AttributeCondition): Uint32Array {
  const column = columns.findIndex(({ name }) => name.toUpperCase() === condition.column.toUpperCase());
  const { name, kind } = columns[column] ?? {};
  if (name === undefined) {
    const known = columns.map((one) => one.name).join(', ');
    throw invalidColumn(condition, `there is no column ${condition.column} to query; there are ${known}`);
  }
  if (kind !== 'numeric' && typeof condition.value === 'number') {
    throw invalidValue(condition, `${name} holds text, so that its value stands in quotes`);
  }
  const sought = kind === 'numeric' ? numbersOf(condition, name) : [condition.value];
  const key = sought.map((value) => keys.indexOf(keyOf(column, value))).find((found) => found >= 0);
  return key === undefined ? new Uint32Array() : items.subarray(offsets[key], offsets[key + 1]);
}

/** What a column of numbers has for a value, the likeliest first: a column of type float has the float next to it. */
function numbersOf(condition: AttributeCondition, name: string): readonly number[] {
  const text = String(condition.value);
  if (!isDecimal(text))
    throw invalidValue(condition, `${name} holds numbers, and ${text.trim() || 'an empty text'} is none`);
  const value = Number(text);
  return [value, Math.fround(value)];
}

/** As a model folder keeps it; the columns are in model.json. */
export const attributeTensors = ({ keys, offsets, items }: AttributeIndex): Record<string, Tensor> => ({
  attribute_keys: { shape: [keys.utf8.length], data: keys.utf8 },
  attribute_key_offsets: { shape: [keys.offsets.length], data: keys.offsets },
  attribute_offsets: { shape: [offsets.length], data: offsets },
  attribute_items: { shape: [items.length], data: items },
});

/** @throws Error if the model lacks a part of it */
export function attributesOf(learned: LearnedModel): AttributeIndex {
  return {
    columns: learned.itemColumns ?? [],
    keys: new Vocabulary(uint8Tensor(learned, 'attribute_keys'), uint32Tensor(learned, 'attribute_key_offsets')),
    offsets: uint32Tensor(learned, 'attribute_offsets'),
    items: uint32Tensor(learned, 'attribute_items'),
  };
}

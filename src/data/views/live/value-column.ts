import type { Field } from '../../dataset-schema.ts';
import { bytes16, floats64, PagedArray } from './paged-array.ts';

/** A column of the interactions as live events keep it: numbers as they are, texts by a number for each. */
export type ValueColumn = {
  readonly name: string;
  readonly values: PagedArray;
  /** A value as the log has it, as a number; empty is null. */
  encode(text: string): number;
  decode(value: number): string;
};

export const valueColumn = ({ name, type }: Pick<Field, 'name' | 'type'>): ValueColumn =>
  type === 'string' ? textColumn(name) : numberColumn(name);

function numberColumn(name: string): ValueColumn {
  return {
    name,
    values: new PagedArray(floats64),
    encode: (text) => (text === '' ? Number.NaN : Number(text)),
    decode: (value) => (Number.isNaN(value) ? '' : String(value)),
  };
}

/** The number 0 is no value, and stands for texts that come after the first 65,535 different ones, too. */
function textColumn(name: string): ValueColumn {
  const texts = [''];
  const numbers = new Map([['', 0]]);
  return {
    name,
    values: new PagedArray(bytes16),
    encode(text) {
      const known = numbers.get(text);
      if (known !== undefined || texts.length > 0xffff) return known ?? 0;
      numbers.set(text, texts.length);
      return texts.push(text) - 1;
    },
    decode: (value) => texts[value] ?? '',
  };
}

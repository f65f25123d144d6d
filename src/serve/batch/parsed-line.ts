import { isUtf8 } from 'node:buffer';
import type { Line } from './line.ts';
import { type RawLine, shownBytes } from './line-reader.ts';

/** A line with what its output says of it. */
export type ParsedLine = {
  /** JSON text that the output gives back: the line as it is, or, where it is no JSON, a string of it. */
  readonly echo: string;
} & ({ readonly line: Line } | { readonly error: string });

/** Reads a line: what is wrong with it is for the person who wrote it. */
export function parsedLine({ offset, bytes, isTooLong }: RawLine, file: number, lineBytes: number): ParsedLine {
  if (isTooLong) {
    const error = `The line has more than ${lineBytes} bytes, which is the most; divide it.`;
    return { echo: JSON.stringify(`${beginningOf(bytes)}…`), error };
  }
  const text = bytes.toString('utf8');
  if (!isUtf8(bytes)) return { echo: JSON.stringify(text), error: 'The line is not UTF-8.' };
  let input: unknown;
  try {
    input = JSON.parse(text);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { echo: JSON.stringify(text), error: `The line is not JSON: ${reason}.` };
  }
  const echo = text.trim();
  if (!isObject(input)) return { echo, error: 'The line must be a JSON object, such as {"userId":"u7"}.' };
  return { echo, line: { input, file, offset } };
}

/** Without a character that was cut through. */
const beginningOf = (bytes: Buffer): string =>
  bytes
    .subarray(0, shownBytes)
    .toString('utf8')
    .replace(/\uFFFD+$/, '');

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

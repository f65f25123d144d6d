import { createHash } from 'node:crypto';

const textOf = (value: object) => `${JSON.stringify(value, null, 2)}\n`;
const sumOf = (value: object) => createHash('sha256').update(textOf(value)).digest('hex');

/** An object as JSON whose last member, `sha256`, is the checksum of the text without it. */
export const writeSummedJson = (value: object): string => textOf({ ...value, sha256: sumOf(value) });

/**
 * Reads JSON of our own, such as `writeSummedJson` or an earlier release has written it.
 *
 * @returns undefined if it is torn or not as it was written
 */
export function readSummedJson<T extends object>(text: string): T | undefined {
  try {
    // Our own file: its format says whether its shape is the one that is known here.
    const { sha256, ...value } = JSON.parse(text) as T & { readonly sha256?: string };
    return sha256 === undefined || sha256 === sumOf(value) ? (value as T) : undefined;
  } catch {
    return undefined;
  }
}

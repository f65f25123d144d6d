import type { Cell, FittedColumn } from './column.ts';
import { nearKnots } from './knots.ts';

/** Terms are known by their hash alone, so that none has to be kept: 2²¹ slotCount, and few are ever used. */
export const slotCount = 2 ** 21;

/**
 * Characters of a text that are read, and how many pieces of words: these find words in languages that have no blanks.
 */
const mostCharacters = 2000;
const mostGrams = 256;
const gramLength = 4;

/**
 * Calls `visit` for each term of a cell: the hash of it and of its column's number, and its weight. A term may come
 * more than once.
 */
export function forEachTerm(
  { kind, knots = [] }: FittedColumn,
  column: number,
  cell: Cell,
  visit: (slot: number, weight: number) => void,
): void {
  if (kind === 'numeric') {
    nearKnots(cell, knots, (knot, weight) => visit(placeOf(`#${knot}`, column), weight));
  } else if (cell instanceof Float32Array) {
    for (const [axis, value] of cell.entries()) visit(placeOf(`#${axis}`, column), value);
  } else if (typeof cell === 'string') {
    if (kind === 'textual') forEachWordOrGram(cell, (term) => visit(placeOf(term, column), 1));
    else for (const value of cell.split('|')) if (value.trim() !== '') visit(placeOf(value.trim(), column), 1);
  }
}

/** Scripts that put no blanks between words. */
const unspaced = String.raw`\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}`;
const isUnspaced = new RegExp(`^[${unspaced}]`, 'u');
/** Runs of letters in scripts without blanks, words of the others, and emoji one by one. */
const wordPattern = new RegExp(
  String.raw`(?:(?=[\p{Letter}\p{Mark}])[${unspaced}])+|(?:(?!(?=[\p{Letter}\p{Mark}])[${unspaced}])[\p{Letter}\p{Mark}\p{Number}])+|\p{Extended_Pictographic}`,
  'gu',
);

/**
 * Words, and pieces of four characters, which are alike where words are inflected or joined. Where words have no blanks
 * between them, pairs of characters stand for them: a dictionary that divides them would change with the runtime, and
 * finds no more in retrieval (Foo and Li 2004).
 */
function forEachWordOrGram(text: string, visit: (term: string) => void): void {
  const normal = text.slice(0, mostCharacters).normalize('NFKC').toLowerCase();
  let grams = 0;
  for (const [word] of normal.matchAll(wordPattern)) {
    if (isUnspaced.test(word)) {
      forEachPair(word, visit);
      continue;
    }
    visit(word);
    const framed = `_${word}_`;
    for (let at = 0; at + gramLength <= framed.length && grams < mostGrams; at++, grams++) {
      visit(`~${framed.slice(at, at + gramLength)}`);
    }
  }
}

/** Each two characters that follow one another; a character alone stands for itself. */
function forEachPair(run: string, visit: (term: string) => void): void {
  let before: string | undefined;
  let pairs = 0;
  for (const character of run) {
    if (before !== undefined) {
      visit(before + character);
      pairs++;
    }
    before = character;
  }
  if (pairs === 0) visit(run);
}

/** FNV-1a (Fowler, Noll, Vo) over the characters, begun with the column, with a last mix. */
function placeOf(term: string, column: number): number {
  let hash = Math.imul(0x811c9dc5 ^ column, 0x01000193);
  for (let n = 0; n < term.length; n++) hash = Math.imul(hash ^ term.charCodeAt(n), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) & (slotCount - 1);
}

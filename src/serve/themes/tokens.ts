import { isForeignFunctionWord, isFunctionWord } from './function-words.ts';

/** Of a text, so much is read. */
export const mostCharacters = 2000;
/** What is longer is no word: an encoded picture, a key. */
const longestWord = 30;

/** A word of a text. */
export type Token = {
  /** As it is written, without a possessive ending. */
  readonly surface: string;
  readonly lower: string;
  /** The same for singular and plural. */
  readonly stem: string;
  /** Whether it holds sentences together (`isFunctionWord`). */
  readonly isFunction: boolean;
  /** Whether more than blanks lies between it and the word before; true for the first. */
  readonly breaks: boolean;
  /** Whether it begins a sentence, so that a capital letter says nothing. */
  readonly opens: boolean;
};

/** Text without markup, addresses, and characters that are not for reading. */
export const plainText = (text: string): string =>
  text
    .slice(0, mostCharacters)
    .normalize('NFKC')
    .replaceAll(ansiSequence, ' ')
    .replaceAll(/<(script|style)\b[^>]*>[\s\S]*?(<\/\1>|$)/gi, '\n')
    .replaceAll(/<\/?[a-z!][^<>]*(>|$)/gi, '\n')
    .replaceAll(/&(#\d{1,7}|#x[\da-f]{1,6}|[a-z]{2,8});/gi, (entity) => entities[entity.toLowerCase()] ?? ' ')
    .replaceAll(/\b(https?:\/\/|www\.)\S+|\S+@\S+\.\S+/gi, '\n')
    .replaceAll(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u00ad]/g, '')
    .replaceAll(/[^\P{C}\n]/gu, ' ');

/** What colours the text of a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: such a sequence begins with one.
const ansiSequence = /\u001b\[[\d;]*[a-z]/gi;

const entities: Readonly<Record<string, string>> = {
  '&amp;': '&',
  '&#39;': '’',
  '&apos;': '’',
  '&rsquo;': '’',
  '&eacute;': 'é',
  '&egrave;': 'è',
  '&auml;': 'ä',
  '&ouml;': 'ö',
  '&uuml;': 'ü',
  '&szlig;': 'ß',
  '&ndash;': '–',
  '&mdash;': '—',
};

const wordPattern = /[\p{L}\p{M}\p{N}]+(?:['’-][\p{L}\p{M}\p{N}]+)*/gu;
/** Scripts that put no blanks between words. */
const unspaced = /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{sc=Thai}\p{sc=Laoo}\p{sc=Khmr}\p{sc=Mymr}]/u;
const segmenter: { made?: Intl.Segmenter } = {};

/** The words of a text, in order. */
export function tokensOf(text: string): Token[] {
  const plain = plainText(text);
  const shouts = isShouted(plain);
  const tokens: Token[] = [];
  let end = 0;
  for (const { 0: word, index } of plain.matchAll(wordPattern)) {
    const between = plain.slice(end, index);
    const breaks = end === 0 || !/^ +$/.test(between);
    const opens = end === 0 || /[.!?…:\n"“”„«»|•]/.test(between);
    end = index + word.length;
    if (unspaced.test(word)) addSegments(word, breaks, tokens);
    else if (word.length <= longestWord) tokens.push(tokenOf(shouts ? word.toLowerCase() : word, breaks, opens));
  }
  return tokens;
}

/** Words as the dictionary of this version of Node divides them. */
function addSegments(run: string, breaks: boolean, tokens: Token[]): void {
  segmenter.made ??= new Intl.Segmenter('ja', { granularity: 'word' });
  let first = breaks;
  for (const { segment, isWordLike } of segmenter.made.segment(run)) {
    // A single kana is an ending or a particle.
    if (!isWordLike || /^[\p{scx=Hira}\p{M}]{1,2}$/u.test(segment)) {
      first = true;
      continue;
    }
    tokens.push({ surface: segment, lower: segment, stem: segment, isFunction: false, breaks: first, opens: false });
    first = false;
  }
}

function tokenOf(word: string, breaks: boolean, opens: boolean): Token {
  const surface = word.replace(/['’]s?$/i, '');
  const lower = surface.replaceAll('’', "'").toLowerCase();
  const isName = !opens && /^\p{Lu}/u.test(surface);
  const isFunction = isFunctionWord(lower) || (isForeignFunctionWord(lower) && !isName);
  return { surface, lower, stem: stemOf(lower), isFunction, breaks, opens };
}

/** Whether most letters are capitals, as in some catalogues: they say nothing then. */
function isShouted(text: string): boolean {
  const capitals = text.match(/\p{Lu}/gu)?.length ?? 0;
  return capitals > 8 && capitals > (text.match(/\p{Ll}/gu)?.length ?? 0);
}

/** One form for singular and plural: the S-stemmer (Harman 1991). */
export function stemOf(lower: string): string {
  if (lower.length < 4 || !lower.endsWith('s')) return lower;
  if (lower.endsWith('ies')) return /[ea]ies$/.test(lower) ? lower : `${lower.slice(0, -3)}y`;
  if (lower.endsWith('es')) return /(sh|ch|x|ss)es$/.test(lower) ? lower.slice(0, -2) : lower.slice(0, -1);
  return /(us|ss|is)$/.test(lower) ? lower : lower.slice(0, -1);
}

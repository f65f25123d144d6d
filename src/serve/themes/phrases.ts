import { articles, determiners, joiningPrepositions, vagueWords, verbLeaders } from './function-words.ts';
import type { Token } from './tokens.ts';

const longestPhrase = 3;

/** Content words that follow one another, as stems: the term of a phrase. */
export const phraseTerm = (stems: readonly string[]): string => `~${stems.join(' ')}`;

/** Calls `visit` for each phrase of a text: up to three content words, by the positions of the first and the last. */
export function forEachPhrase(
  tokens: readonly Token[],
  visit: (first: number, last: number, term: string) => void,
): void {
  for (let first = 0; first < tokens.length; first++) {
    if (!isContent(tokens[first])) continue;
    let term = phraseTerm([tokens[first].stem]);
    visit(first, first, term);
    for (let last = first + 1; last < Math.min(first + longestPhrase, tokens.length); last++) {
      if (tokens[last].breaks || !isContent(tokens[last])) break;
      term += ` ${tokens[last].stem}`;
      visit(first, last, term);
    }
  }
}

const isContent = ({ isFunction, lower }: Token) => !isFunction && (lower.length > 1 || /\P{ASCII}/u.test(lower));

/** How a phrase is used in the texts of a group. */
export type PhraseUse = {
  readonly term: string;
  readonly stems: readonly string[];
  /** Numbers of the items that have it, ascending. */
  readonly items: readonly number[];
  /** Forms in which it is written, with how often each is; with capitals where these say something. */
  readonly forms: ReadonlyMap<string, number>;
  /** What stands before it: `set in`, `on a`, or nothing, with how often each does. */
  readonly leads: ReadonlyMap<string, number>;
  /** Stems of the words right after it, with how often each is. */
  readonly followers: ReadonlyMap<string, number>;
  readonly uses: number;
  /** Uses in texts, not in names. */
  readonly textUses: number;
  /** Uses that look like those of a verb, or of another word that names nothing. */
  readonly verbUses: number;
  /** Uses at whose end the noun phrase ends. */
  readonly endUses: number;
};

type GrowingUse = {
  -readonly [Key in keyof PhraseUse]: PhraseUse[Key] extends readonly number[]
    ? number[]
    : PhraseUse[Key] extends ReadonlyMap<string, number>
      ? Map<string, number>
      : PhraseUse[Key];
};

/** A text of an item. In the names of items all words may have capitals. */
export type ItemTokens = { readonly item: number; readonly tokens: readonly Token[]; readonly isName: boolean };

/** The phrases of texts that at least `least` items have and that are not vague. Items come in ascending order. */
export function phraseUses(texts: readonly ItemTokens[], least: number): PhraseUse[] {
  const counts = new Map<string, { item: number; items: number }>();
  for (const { item, tokens } of texts) {
    forEachPhrase(tokens, (_first, _last, term) => {
      const count = counts.get(term);
      if (count === undefined) counts.set(term, { item, items: 1 });
      else if (count.item !== item) {
        count.item = item;
        count.items++;
      }
    });
  }
  const uses = new Map<string, GrowingUse>();
  for (const text of texts) {
    forEachPhrase(text.tokens, (first, last, term) => {
      if ((counts.get(term)?.items ?? 0) < least) return;
      const words = text.tokens.slice(first, last + 1);
      if (isVague(words)) return;
      const use = uses.get(term) ?? newUse(term, words);
      uses.set(term, use);
      note(use, text, first, last);
    });
  }
  return [...uses.values()];
}

const isVague = (words: readonly Token[]) =>
  words.some(({ lower }) => vagueWords.has(lower)) || words.every(({ lower }) => /^[\p{N}-]+$/u.test(lower));

const newUse = (term: string, words: readonly Token[]): GrowingUse => ({
  term,
  stems: words.map(({ stem }) => stem),
  items: [],
  forms: new Map(),
  leads: new Map(),
  followers: new Map(),
  uses: 0,
  textUses: 0,
  verbUses: 0,
  endUses: 0,
});

function note(use: GrowingUse, { item, tokens, isName }: ItemTokens, first: number, last: number): void {
  if (use.items.at(-1) !== item) use.items.push(item);
  use.uses++;
  if (!isName) use.textUses++;
  const words = tokens.slice(first, last + 1);
  const form = words.map((word) => formOf(word, isName && words.length === 1)).join(' ');
  // What text says of capitals counts for more than names, which have them everywhere.
  add(use.forms, form, isName || words.some(({ opens }) => opens) ? 1 : 4);
  const next = tokens[last + 1];
  const follows = next !== undefined && !next.breaks;
  if (follows) add(use.followers, next.stem, 1);
  if (!follows || next.isFunction) use.endUses++;
  const before = tokens[first].breaks ? undefined : tokens[first - 1];
  const leadsVerb = before !== undefined && verbLeaders.has(before.lower);
  const takesObject =
    follows && (determiners.has(next.lower) || ['him', 'them', 'her', 'up', 'out'].includes(next.lower));
  const isModifier = before !== undefined && determiners.has(before.lower);
  if (leadsVerb || (takesObject && !isModifier)) use.verbUses++;
  add(use.leads, leadOf(tokens, first), 1);
}

const add = (counts: Map<string, number>, key: string, count: number) =>
  counts.set(key, (counts.get(key) ?? 0) + count);

/** Several words of a name keep their capitals: they may be a name themselves, as in Harry Potter and … */
function formOf({ surface, lower, opens }: Token, isName: boolean): string {
  const isAcronym = surface.length > 1 && surface === surface.toUpperCase() && /\p{Lu}/u.test(surface);
  const isMixed = /^.+\p{Lu}/u.test(surface);
  return (opens || isName) && !isAcronym && !isMixed ? lower : surface;
}

/** The preposition before a phrase, with a participle before that and an article after it: `set in`, `on a`. */
function leadOf(tokens: readonly Token[], first: number): string {
  let at = first - 1;
  let article = '';
  if (tokens[first].breaks || at < 0) return '';
  if (articles.has(tokens[at].lower)) {
    if (tokens[at].breaks) return '';
    article = ` ${tokens[at].lower}`;
    at--;
  }
  if (at < 0 || !joiningPrepositions.has(tokens[at].lower)) return '';
  const preposition = tokens[at].lower;
  const before = tokens[at].breaks ? undefined : tokens[at - 1];
  const participle = before !== undefined && participles.has(before.lower) ? `${before.lower} ` : '';
  return `${participle}${preposition}${article}`;
}

const participles = new Set(['set', 'made', 'filmed', 'recorded', 'written', 'based', 'designed', 'told']);

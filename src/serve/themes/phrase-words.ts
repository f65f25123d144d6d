import type { Head } from './head-noun.ts';
import type { PhraseUse } from './phrases.ts';

/** A phrase before the noun of a title, or behind it with a preposition. */
export type SaidPhrase = { readonly at: 'before' | 'behind'; readonly words: string };

/** A preposition that stands before this share of a phrase's uses belongs to it. */
const leadShare = 0.4;
/** A phrase that the noun follows so often stands before it. */
const beforeNounShare = 0.3;

/** A phrase behind the noun is a whole one, and not the beginning of a longer one, in this share of its uses. */
const endShare = 0.4;

/** How a title says a phrase: as the texts do, where they agree. */
export function sayPhrase(use: PhraseUse, head: Head): SaidPhrase {
  const found = frequentForm(use);
  // Between capitals of names a common noun shows by the noun that follows: Brass Desk Lamp.
  const isBeforeNoun = head.stem !== undefined && (use.followers.get(head.stem) ?? 0) >= beforeNounShare * use.uses;
  const form = isBeforeNoun && use.textUses === 0 ? found.toLowerCase() : found;
  const lead = isBeforeNoun || isModifier(use) || isGerund(use) ? undefined : frequentLead(use);
  if (lead) return { at: 'behind', words: `${lead} ${form}` };
  const plural = pluralForm(use);
  if (head.noun === undefined) return { at: 'before', words: plural ?? form };
  if (form === plural && head.tells && !isModifier(use)) return { at: 'behind', words: `about ${form}` };
  return { at: 'before', words: form === plural ? singular(form, use) : form };
}

/** Whether a phrase says how something is: alone it is no title. */
export const isModifier = (use: PhraseUse): boolean =>
  use.endUses < endShare * use.uses || (use.stems.length === 1 && /(ed|ly|ful|ous|ive|able|less)$/.test(use.stems[0]));

/** What is done to something that the phrase lacks: for collecting. */
const isGerund = ({ stems }: PhraseUse) => stems.length === 1 && stems[0].length > 5 && stems[0].endsWith('ing');

/** A form in the plural that is not rare. */
function pluralForm({ forms, stems }: PhraseUse): string | undefined {
  const all = [...forms].reduce((sum, [, count]) => sum + count, 0);
  const plurals = [...forms].filter(([form, count]) => {
    const last = form.split(' ').at(-1) ?? '';
    return /[^su]s$/i.test(last) && last.toLowerCase() !== stems.at(-1) && count >= pluralShare * all;
  });
  return plurals.sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1))[0]?.[0];
}

const pluralShare = 0.15;

export const frequentForm = ({ forms }: Pick<PhraseUse, 'forms'>): string =>
  [...forms].sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1))[0]?.[0] ?? '';

function singular(form: string, { stems }: PhraseUse): string {
  const words = form.split(' ');
  const stem = stems.at(-1) ?? '';
  const last = words.at(-1) ?? '';
  return [...words.slice(0, -1), last.toLowerCase() === last ? stem : last.slice(0, stem.length)].join(' ');
}

/** The most frequent of the ways in which the most frequent preposition stands before the phrase. */
function frequentLead({ leads, uses }: PhraseUse): string | undefined {
  const counts = new Map<string, number>();
  for (const [lead, count] of leads) {
    const preposition = prepositionOf(lead);
    if (preposition !== '') counts.set(preposition, (counts.get(preposition) ?? 0) + count);
  }
  const [most] = [...counts].sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1));
  if (most === undefined || most[1] < leadShare * uses) return undefined;
  const ways = [...leads].filter(([lead]) => prepositionOf(lead) === most[0]);
  return ways.sort(([a, count], [b, other]) => other - count || (a < b ? -1 : 1))[0]?.[0];
}

/** `in` of `set in the`. */
const prepositionOf = (lead: string) => lead.split(' ').find((word) => !beside.has(word)) ?? '';

const beside = new Set([
  'a',
  'an',
  'the',
  'set',
  'made',
  'filmed',
  'recorded',
  'written',
  'based',
  'designed',
  'told',
  '',
]);

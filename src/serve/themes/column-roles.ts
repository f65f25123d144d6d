/** What the values of a column say of an item, which decides how a title says them. */
export type ColumnRole = 'kind' | 'quality' | 'maker' | 'place' | 'language' | 'audience' | 'part';

const roles: readonly (readonly [RegExp, ColumnRole])[] = [
  [/genre|style|mood|kind|type|categor|class|department|section|tag|keyword|subject|topic|format/i, 'kind'],
  [/colou?r|material|fabric|finish|pattern/i, 'quality'],
  [
    /brand|maker|manufacturer|author|artist|director|creator|publisher|studio|label|writer|composer|designer|chef/i,
    'maker',
  ],
  [/country|city|region|origin|place|location|nation/i, 'place'],
  [/language/i, 'language'],
  [/audience|gender|(^|_)age(_|$)|occasion|season/i, 'audience'],
  [/actor|cast|(^|_)stars?(_|$)|player|ingredient|instrument/i, 'part'],
];

/** By the column's name; a value of another column is said as a kind is. */
export const roleOf = (column: string): ColumnRole => roles.find(([pattern]) => pattern.test(column))?.[1] ?? 'kind';

const nothings =
  /^(\(.*\)|none|no .*|unknown|other|others|misc|miscellaneous|n\/?a|null|undefined|default|various|all|true|false|yes)$/i;

/** Whether people can read a value: codes, numbers and fillers for missing values say nothing in a title. */
export function isReadable(value: string): boolean {
  if (nothings.test(value) || value.length > 40 || !/\p{L}.*\p{L}/u.test(value)) return false;
  if (/[<>{}[\]\\^~`=|@#$%*_]/.test(value) || /https?:/i.test(value)) return false;
  // A letter or two with digits, or Latin letters without a vowel, are a code; short capitals may be an abbreviation.
  if (/^\p{L}{1,4}[-_ ]?\d+$/u.test(value)) return false;
  return !/^[a-z]+$/i.test(value) || /[aeiouy]/i.test(value) || /^[A-Z]{2,5}$/.test(value);
}

const properWords = new Set(
  `american british english french german italian spanish portuguese japanese chinese korean indian mexican russian
   swedish norwegian danish finnish dutch polish turkish greek irish scottish welsh african asian european latin arabic
   hebrew hindi thai vietnamese brazilian canadian australian roman viking christmas halloween easter monday tuesday
   wednesday thursday friday saturday sunday january february april june july august september october november december
   victorian gothic christian jewish islamic buddhist nordic scandinavian mediterranean cuban caribbean hawaiian`.split(
    /\s+/,
  ),
);

/** A kind, quality or audience as it stands within a sentence: `Comedy` becomes `comedy`, `IMAX` and `French` stay. */
export const inSentence = (value: string): string =>
  value.replaceAll(/[\p{L}\p{M}’']+/gu, (word) => {
    if (properWords.has(word.toLowerCase())) return capitalised(word.toLowerCase());
    const isAcronym = word.length > 1 && word === word.toUpperCase();
    const isMixed = /^\p{L}+\p{Lu}/u.test(word);
    return isAcronym || isMixed ? word : word.toLowerCase();
  });

/** A name as it is written, with capitals if it has none. */
export const asName = (value: string): string =>
  value === value.toLowerCase() ? value.replaceAll(/(^|[\s-])\p{L}/gu, (letter) => letter.toUpperCase()) : value;

export const capitalised = (text: string): string => text.replace(/^\p{L}/u, (letter) => letter.toUpperCase());

import { InvalidArgumentError } from 'commander';
import { hostName } from '../../edge/host.ts';

/** Where a flag is given without a value, it is `true`; a variable of the environment can also say false. */
export const flag = { preset: 'true', parse: parseFlag };

function parseFlag(value: string): boolean {
  if (['true', '1'].includes(value)) return true;
  // A variable that is set to nothing is one that somebody meant to unset.
  if (['false', '0', ''].includes(value)) return false;
  throw new InvalidArgumentError('It is true or false.');
}

/** A parser of text that needs no more than a check. */
export const textThat = (isLegal: (text: string) => boolean, rule: string) => (text: string) => {
  if (isLegal(text)) return text;
  throw new InvalidArgumentError(rule);
};

/** A parser of numbers that are written as `form` has it. */
export const numberThat =
  (form: RegExp, rule: string, isLegal = (_value: number) => true) =>
  (text: string) => {
    if (form.test(text) && isLegal(Number(text))) return Number(text);
    throw new InvalidArgumentError(rule);
  };

export const isHttpUrl = (text: string) => /^https?:\/\//.test(text) && URL.canParse(text);

export const parsePort = numberThat(/^\d{1,5}$/, 'A port is a number from 0 to 65535.', (port) => port <= 65_535);

/** Several by repetition or, as in the environment, with commas. */
export function parseHostNames(given: string, previous: readonly string[]): readonly string[] {
  const names = given.split(',').map((name) => {
    const known = hostName(name.trim());
    if (known === undefined || known !== name.trim().toLowerCase()) {
      throw new InvalidArgumentError('A host is a name or an address without a port, such as host.docker.internal.');
    }
    return known;
  });
  return [...previous, ...names];
}

/** A JSON object whose values are text. */
export function textValues(text: string): Readonly<Record<string, string>> {
  const values: unknown = parsedJson(text);
  if (typeof values === 'object' && values !== null && !Array.isArray(values)) {
    const entries = Object.entries(values).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    if (entries.length === Object.keys(values).length) return Object.fromEntries(entries);
  }
  throw new InvalidArgumentError('It is a JSON object of texts, such as {"NAME":"value"}.');
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What may be assigned, for a sentence and by its text. */
type NumberRule = { readonly what: string; isLegal(text: string): boolean };
export const wholeNumber: NumberRule = {
  what: 'a whole number from 0 on',
  isLegal: (text) => /^\d+$/.test(text) && Number.isSafeInteger(Number(text)),
};
export const rate: NumberRule = {
  what: 'the number above 0',
  isLegal: (text) => /^\d+(\.\d+)?$/.test(text) && Number(text) > 0,
};

type Assignments<Name extends string> = Readonly<Partial<Record<Name, number>>>;

/** `name=number`, several by repetition or, as in the environment, with commas. */
export function assignments<Name extends string>(
  what: string,
  isName: (name: string) => name is Name,
  rule: NumberRule,
) {
  return (given: string, previous: Assignments<Name>): Assignments<Name> => {
    const assigned = given.split(',').map((text) => {
      const [, name, value] = /^\s*([\w/]+)=(\S+)\s*$/.exec(text) ?? [];
      if (name === undefined || value === undefined || !rule.isLegal(value)) {
        throw new InvalidArgumentError(`A ${what} is given as name=number, ${rule.what}.`);
      }
      if (!isName(name)) throw new InvalidArgumentError(`There is no ${what} named ${name}.`);
      return [name, Number(value)] as const;
    });
    return { ...previous, ...Object.fromEntries(assigned) };
  };
}

import type { Context } from './context.ts';
import { Glob, type GlobPart } from './glob.ts';
import { MalformedPolicyError } from './malformed-policy.ts';

/** `${key}` or `${key, 'default'}` */
export type Variable = {
  readonly kind: 'variable';
  /** In lower case. */
  readonly key: string;
  readonly fallback: string | undefined;
};

export type TemplatePart = GlobPart | Variable;

/** How the text of a policy is read. */
export type Reading = {
  /** The version of the language has variables. */
  readonly variables: boolean;
  /** `*` and `?` are wildcards. */
  readonly wildcards: boolean;
};

const special: ReadonlySet<string> = new Set(['*', '?', '$']);
const variablePattern = /^([^,'{}]+)(?:,\s*'([^']*)'\s*)?$/;

/**
 * Cuts text into plain text, wildcards and variables.
 *
 * @throws MalformedPolicyError for a variable without an end or without a name
 */
export function readTemplate(place: string, text: string, { variables, wildcards }: Reading): TemplatePart[] {
  const parts: TemplatePart[] = [];
  let plain = '';
  for (let index = 0; index < text.length; index++) {
    const character = text.charAt(index);
    if (variables && character === '$' && text[index + 1] === '{') {
      const end = endOfVariable(place, text, index);
      const part = variableOf(place, text.slice(index + 2, end));
      if (typeof part === 'string') plain += part;
      else {
        parts.push(plain, part);
        plain = '';
      }
      index = end;
    } else if (wildcards && (character === '*' || character === '?')) {
      parts.push(plain, { kind: 'wildcard', takes: character === '*' ? 'many' : 'one', colons: true });
      plain = '';
    } else {
      plain += character;
    }
  }
  return [...parts, plain].filter((part) => part !== '');
}

/** The index of the brace that closes a variable, which is not one of its default. */
function endOfVariable(place: string, text: string, start: number): number {
  let quoted = false;
  for (let index = start + 2; index < text.length; index++) {
    if (text[index] === "'") quoted = !quoted;
    else if (text[index] === '}' && !quoted) return index;
  }
  throw new MalformedPolicyError(place, `The variable ${text.slice(start, start + 40)} has no end.`);
}

/** A special character stands for itself. */
function variableOf(place: string, content: string): string | Variable {
  if (special.has(content)) return content;
  const match = variablePattern.exec(content);
  const key = match?.[1]?.trim().toLowerCase();
  if (!key) {
    throw new MalformedPolicyError(
      place,
      `\${${content}} is no variable: write \${key}, or \${key, 'default'} with a default.`,
    );
  }
  return { kind: 'variable', key, fallback: match?.[2] };
}

/**
 * A pattern whose variables are replaced by what the request says. A value is plain text, even if it looks like a
 * wildcard or a variable.
 */
export class Template {
  readonly #parts: readonly TemplatePart[];
  /** Undefined where there are variables. */
  readonly #constant: Glob | undefined;
  readonly #hasWildcards: boolean;

  constructor(parts: readonly TemplatePart[]) {
    this.#parts = parts;
    const constant = withoutVariables(parts);
    this.#constant = constant.length === parts.length ? new Glob(constant) : undefined;
    this.#hasWildcards = constant.some((part) => typeof part !== 'string');
  }

  /** Whether it is the same for all requests. */
  get isConstant(): boolean {
    return this.#constant !== undefined;
  }

  /** False if a variable has no value: nothing is equal to it, or like it. */
  matches(text: string, context: Context): boolean {
    if (this.#constant) return this.#constant.matches(text);
    return this.#hasWildcards ? this.#isLike(text, context) : this.#isEqual(text, context);
  }

  #isLike(text: string, context: Context): boolean {
    const parts: GlobPart[] = [];
    for (const part of this.#parts) {
      const value = isVariable(part) ? resolved(part, context) : part;
      if (value === undefined) return false;
      parts.push(value);
    }
    return new Glob(parts).matches(text);
  }

  #isEqual(text: string, context: Context): boolean {
    let expected = '';
    for (const part of this.#parts) {
      const value = isVariable(part) ? resolved(part, context) : part;
      if (value === undefined) return false;
      expected += String(value);
    }
    return expected === text;
  }
}

/** The parts that are no variables. */
export const withoutVariables = (parts: readonly TemplatePart[]): GlobPart[] =>
  parts.flatMap((part) => (isVariable(part) ? [] : [part]));

const isVariable = (part: TemplatePart): part is Variable => typeof part !== 'string' && part.kind === 'variable';

/** A key with several values is no variable. */
function resolved({ key, fallback }: Variable, context: Context): string | undefined {
  const values = context(key);
  return values?.length === 1 ? values[0] : fallback;
}

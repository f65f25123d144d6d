import type { Context } from './context.ts';
import { isObject, type Json } from './document.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { operators, type ValueTest } from './operators.ts';
import { textsOf } from './texts.ts';

/** One key of one operator: a statement applies where all its conditions hold. */
export type Condition = {
  /** As it is written, such as `ForAllValues:StringLike`. */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly holds: (context: Context) => boolean;
};

const quantifiers = ['ForAllValues', 'ForAnyValue'] as const;

/** An operator with what stands around its name. */
type QualifiedOperator = {
  readonly quantifier: (typeof quantifiers)[number] | undefined;
  readonly negated: boolean;
  readonly ifExists: boolean;
};

/**
 * Reads the Condition of a statement.
 *
 * @throws MalformedPolicyError
 */
export function readConditions(place: string, block: Json, variables: boolean): Condition[] {
  if (!isObject(block)) throw new MalformedPolicyError(place, 'Syntax errors in policy. It must be a JSON object.');
  return Object.entries(block).flatMap(([operator, keys]) => {
    const at = `${place}.${operator}`;
    if (!isObject(keys)) throw new MalformedPolicyError(at, 'Syntax errors in policy. It must be a JSON object.');
    return Object.entries(keys).map(([key, given]) => {
      const values = textsOf(`${at}.${key}`, given);
      checkKey(at, key);
      return { operator, key, values, holds: readCondition({ place: at, operator, key, values, variables }) };
    });
  });
}

/** `aws:TagKeys`, `aws:RequestTag/the key of a tag`, or `an issuer/of OIDC:sub`. */
function checkKey(place: string, key: string): void {
  if (/^[^:\s]+:.+$/s.test(key)) return;
  throw new MalformedPolicyError(
    `${place}.${key}`,
    'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
  );
}

type Given = {
  readonly place: string;
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
  readonly variables: boolean;
};

function readCondition({ place, operator, key: givenKey, values, variables }: Given): Condition['holds'] {
  const match = /^(?:(ForAllValues|ForAnyValue):)?(\w+?)(IfExists)?$/.exec(operator);
  const [, quantifier, name = '', ifExists] = match ?? [];
  const key = givenKey.toLowerCase();
  if (name === 'Null' && quantifier === undefined && !ifExists) return readNull(`${place}.${givenKey}`, key, values);
  const known = operators.get(name);
  if (!known) throw new MalformedPolicyError(place, `Syntax errors in policy. ${unknownOperator(operator, name)}`);
  const tests = values.map((text, index) => {
    const valuePlace = `${place}.${givenKey}${values.length > 1 ? `[${index}]` : ''}`;
    return known.read(text, { place: valuePlace, variables });
  });
  const qualified = {
    quantifier: quantifiers.find((one) => one === quantifier),
    negated: known.negated,
    ifExists: ifExists !== undefined,
  };
  return (context) => holds(qualified, tests, context(key), context);
}

function unknownOperator(operator: string, name: string): string {
  const near = [...operators.keys(), 'Null'].find((one) => one.toLowerCase() === name.toLowerCase());
  if (near === 'Null' && name === near) return 'Null goes without IfExists, ForAllValues and ForAnyValue.';
  return `There is no condition operator ${operator}${near === undefined ? '' : `; is ${near} meant?`}.`;
}

/** `true`: the key is absent. `false`: it is there. */
function readNull(place: string, key: string, values: readonly string[]): Condition['holds'] {
  const wanted = new Set(values.map((value) => value.toLowerCase()));
  for (const value of wanted) {
    if (value !== 'true' && value !== 'false') {
      throw new MalformedPolicyError(place, `${JSON.stringify(value)} is neither true nor false.`);
    }
  }
  return (context) => wanted.has(isAbsent(context(key)) ? 'true' : 'false');
}

const isAbsent = (values: readonly string[] | undefined): values is undefined =>
  values === undefined || values.length === 0;

/** With several values and no quantifier, one that matches is enough, and for a negated operator one too many. */
function holds(
  { quantifier, negated, ifExists }: QualifiedOperator,
  tests: readonly ValueTest[],
  values: readonly string[] | undefined,
  context: Context,
): boolean {
  if (isAbsent(values)) return ifExists || (quantifier === undefined ? negated : quantifier === 'ForAllValues');
  if (quantifier === undefined) {
    for (const value of values) if (matchesAny(tests, value, context)) return !negated;
    return negated;
  }
  // The guide counts a key whose value is the empty text as one without values here.
  const present = values.filter((value) => value !== '');
  return quantifier === 'ForAllValues'
    ? present.every((value) => matchesAny(tests, value, context) !== negated)
    : present.some((value) => matchesAny(tests, value, context) !== negated);
}

/** A loop: this is where evaluation spends its time. */
function matchesAny(tests: readonly ValueTest[], value: string, context: Context): boolean {
  for (const test of tests) if (test(value, context)) return true;
  return false;
}

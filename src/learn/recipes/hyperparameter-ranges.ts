import { allows, catalogueName, expectation } from './parameters.ts';
import type { Hyperparameter, RecipeFacts } from './recipe.ts';

type NumberRange = {
  readonly name?: string | undefined;
  readonly minValue?: number | undefined;
  readonly maxValue?: number | undefined;
};

/** Ranges in which parameters may be tuned, as the API has them. */
export type HyperparameterRanges = {
  readonly integerHyperParameterRanges?: readonly NumberRange[] | undefined;
  readonly continuousHyperParameterRanges?: readonly NumberRange[] | undefined;
  readonly categoricalHyperParameterRanges?:
    | readonly { readonly name?: string | undefined; readonly values?: readonly string[] | undefined }[]
    | undefined;
};

/** A range, as values of which each must be one of the parameter's. */
type Wish = { readonly kind: Hyperparameter['kind']; readonly name: string; readonly values: readonly string[] };

/**
 * What is wrong with the ranges that a caller gives for a recipe: a sentence each, none if all is well. A range is of a
 * parameter that the recipe tunes, of its kind, and lies within the parameter's own (spec training.md §7).
 */
export function rangeViolations(recipe: RecipeFacts, ranges: HyperparameterRanges): string[] {
  const wishes = wishesOf(ranges);
  return wishes.flatMap((wish, index) => {
    const name = catalogueName(wish.name);
    const parameter = recipe.algorithmHyperParameters.find((one) => one.tunable && one.name === name);
    if (parameter === undefined) return [notTunable(recipe, wish)];
    if (parameter.kind !== wish.kind) return [`${wish.name} is ${parameter.kind}; give it a range of that kind.`];
    if (wishes.slice(0, index).some((other) => catalogueName(other.name) === name)) {
      return [`${wish.name} has more than one range; give one.`];
    }
    return valueViolations(parameter, wish);
  });
}

function wishesOf(ranges: HyperparameterRanges): readonly Wish[] {
  const {
    integerHyperParameterRanges: integers = [],
    continuousHyperParameterRanges: numbers = [],
    categoricalHyperParameterRanges: words = [],
  } = ranges;
  const ofNumbers = (kind: 'integer' | 'continuous') => (range: NumberRange) => {
    const { name = '', minValue, maxValue } = range;
    return { kind, name, values: [minValue, maxValue].flatMap((value) => (value === undefined ? [] : [`${value}`])) };
  };
  return [
    ...integers.map(ofNumbers('integer')),
    ...numbers.map(ofNumbers('continuous')),
    ...words.map(({ name = '', values = [] }): Wish => ({ kind: 'categorical', name, values })),
  ];
}

function notTunable(recipe: RecipeFacts, { name }: Wish): string {
  const names = recipe.algorithmHyperParameters.filter(({ tunable }) => tunable).map((one) => one.name);
  return `${name === '' ? 'A range without a name' : name} is no parameter that ${recipe.name} tunes; it tunes ${names.length === 0 ? 'none' : names.join(', ')}.`;
}

function valueViolations(parameter: Hyperparameter, { kind, name, values }: Wish): string[] {
  const bad = values.find((value) => !allows(parameter, value));
  if (bad !== undefined) return [`The range of ${name} has ${bad}; values must be ${expectation(parameter)}.`];
  if (kind === 'categorical') return values.length > 0 ? [] : [`The range of ${name} has no values.`];
  const [least, greatest] = values;
  if (least === undefined || greatest === undefined) return [`The range of ${name} needs minValue and maxValue.`];
  return Number(least) <= Number(greatest) ? [] : [`The range of ${name} has a minValue above its maxValue.`];
}

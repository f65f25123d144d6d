import { isDecimal } from '../../util/decimal.ts';
import type { Parameters } from './parameter-values.ts';
import type { Hyperparameter, RecipeFacts } from './recipe.ts';

type GivenParameters = {
  readonly algorithmHyperParameters?: Readonly<Record<string, string>>;
  readonly featureTransformationParameters?: Readonly<Record<string, string>>;
};

/**
 * Names that the service itself gives back for parameters which its documentation names otherwise (spec recipes.md
 * §1.4, §5.4).
 */
const otherNames: ReadonlyMap<string, string> = new Map([
  ['min_hist_length_percentile', 'min_user_history_length_percentile'],
  ['max_hist_length_percentile', 'max_user_history_length_percentile'],
]);

/** The name of a parameter in the catalogue, whichever of its names is given: `bptt` for `training.bptt`. */
export function catalogueName(name: string): string {
  const bare = name.replace(/^(training|data|model)\./, '');
  return otherNames.get(bare) ?? bare;
}

/** What is wrong with the settings that a caller gives a recipe: a sentence each, none if all is well. */
export function parameterViolations(recipe: RecipeFacts, given: GivenParameters): string[] {
  const violations = (map: keyof GivenParameters) => {
    const known = recipe[map];
    const names = Object.keys(given[map] ?? {});
    return Object.entries(given[map] ?? {}).flatMap(([name, value], index) => {
      const parameter = known.find((one) => one.name === catalogueName(name));
      if (parameter === undefined) return [unknownParameter(recipe, map, name)];
      const other = names.slice(0, index).find((name) => catalogueName(name) === parameter.name);
      if (other !== undefined) return [`${map}: ${other} and ${name} are the same parameter; give one of them.`];
      return allows(parameter, value) ? [] : [`${map}: ${name} must be ${expectation(parameter)}, not "${value}".`];
    });
  };
  return [...violations('algorithmHyperParameters'), ...violations('featureTransformationParameters')];
}

/** The recipe's settings with the caller's values (found valid before), both kinds under their names. */
export function resolveParameters(recipe: RecipeFacts, given: Readonly<Record<string, string>>): Parameters {
  const known = [...recipe.algorithmHyperParameters, ...recipe.featureTransformationParameters];
  const find = (name: string) => {
    const parameter = known.find((one) => one.name === name);
    if (parameter === undefined) throw new Error(`${recipe.name} has no parameter ${name}.`);
    return parameter;
  };
  const values = new Map(Object.entries(given).map(([name, value]) => [catalogueName(name), value]));
  const optionalNumber = (name: string) => {
    const value = values.get(name) ?? find(name).default;
    return value === undefined ? undefined : Number(value);
  };
  return {
    optionalNumber,
    number(name) {
      const value = optionalNumber(name);
      if (value === undefined) throw new Error(`${recipe.name} has no default for ${name}.`);
      return value;
    },
    flag: (name) => isTrue(String(values.get(name) ?? find(name).default)),
    word: (name) => wordOf(find(name), values.get(name)),
  };
}

/** Whether a parameter may have this value. */
export function allows(parameter: Hyperparameter, value: string): boolean {
  if (parameter.kind === 'categorical') return catalogueValue(parameter, value) !== undefined;
  const isNumber = parameter.kind === 'integer' ? /^[+-]?\d+$/.test(value) : isDecimal(value);
  return isNumber && Number(value) >= parameter.min && Number(value) <= parameter.max;
}

/** What values it may have, in words. */
export const expectation = (parameter: Hyperparameter) =>
  parameter.kind === 'categorical'
    ? `one of ${parameter.values.join(', ')}`
    : `${parameter.kind === 'integer' ? 'an integer' : 'a number'} from ${parameter.min} to ${parameter.max}`;

function unknownParameter(recipe: RecipeFacts, map: keyof GivenParameters, name: string): string {
  const otherMap = map === 'algorithmHyperParameters' ? 'featureTransformationParameters' : 'algorithmHyperParameters';
  if (recipe[otherMap].some((one) => one.name === catalogueName(name))) {
    return `${map}: ${name} is a parameter of ${recipe.name} in ${otherMap}; give it there.`;
  }
  const names = recipe[map].map((one) => one.name).join(', ');
  return `${map}: ${recipe.name} has no parameter ${name}; it has ${names === '' ? 'none' : names}.`;
}

/** As the catalogue writes it. */
function wordOf(parameter: Hyperparameter, given: string | undefined): string {
  const known = parameter.kind === 'categorical' && given !== undefined ? catalogueValue(parameter, given) : undefined;
  return known ?? String(parameter.default);
}

/** The catalogue's value that a word stands for. */
function catalogueValue({ values, synonyms }: CategoricalParameter, given: string): string | undefined {
  const word = synonyms?.get(given.toLowerCase()) ?? given;
  return values.find((one) => sameWord(one, word));
}

type CategoricalParameter = Extract<Hyperparameter, { kind: 'categorical' }>;

/** The service writes True in its tables, clients send true: case does not count. */
const sameWord = (a: string, b: string) => a.toLowerCase() === b.toLowerCase();
const isTrue = (value: string) => sameWord(value, 'true');

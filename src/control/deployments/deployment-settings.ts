import { invalidInput } from '../../contract/errors.ts';
import type { RecipeFacts } from '../../learn/recipes/recipe.ts';
import { isDecimal } from '../../util/decimal.ts';
import type { ItemExplorationConfig } from './deployment-owner.ts';

/**
 * An itemExplorationConfig with the defaults of the recipe filled in; undefined for a recipe that does not explore.
 *
 * @throws ServiceError InvalidInputException for a member that there is not, a value out of its range, and settings of
 *   a recipe that has none
 */
export function completeExploration(
  given: ItemExplorationConfig = {},
  recipe: Pick<RecipeFacts, 'name' | 'exploration'>,
): { [name: string]: string } | undefined {
  const { exploration: defaults } = recipe;
  if (!defaults) {
    refuseMembers({ itemExplorationConfig: given }, recipe);
    return undefined;
  }
  const unknown = Object.keys(given).find((key) => !Object.hasOwn(defaults, key));
  if (unknown !== undefined) {
    const members = Object.keys(defaults).join(' and ');
    throw invalidInput(`${unknown} is not a member of itemExplorationConfig. Its members are ${members}.`);
  }
  checkNumber('explorationWeight', given.explorationWeight, 0, 1);
  checkNumber('explorationItemAgeCutOff', given.explorationItemAgeCutOff, 1, Number.MAX_VALUE);
  return { ...defaults, ...given };
}

type AnswerSettings = {
  readonly itemExplorationConfig?: ItemExplorationConfig | undefined;
  readonly rankingInfluence?: object | undefined;
};

/**
 * Settings of answers with the defaults of the recipe filled in.
 *
 * @throws ServiceError InvalidInputException for exploration settings that are wrong, and for settings that the recipe
 *   does not have.
 */
export function completeSettings<Settings extends AnswerSettings>(settings: Settings, recipe: RecipeFacts): Settings {
  if (!recipe.supportsRankingInfluence) refuseMembers({ rankingInfluence: settings.rankingInfluence ?? {} }, recipe);
  const itemExplorationConfig = completeExploration(settings.itemExplorationConfig, recipe);
  return { ...settings, ...(itemExplorationConfig && { itemExplorationConfig }) };
}

/** Refuses settings that a recipe does not have, unless they say nothing. */
export function refuseMembers(settings: { readonly [name: string]: object }, recipe: Pick<RecipeFacts, 'name'>): void {
  const name = Object.keys(settings).find((key) => Object.keys(settings[key] ?? {}).length > 0);
  if (name !== undefined) throw invalidInput(`${name} does not apply to the recipe ${recipe.name}.`);
}

function checkNumber(name: string, text: string | undefined, min: number, max: number): void {
  if (text === undefined) return;
  const value = Number(text);
  if (isDecimal(text) && value >= min && value <= max) return;
  const range = max === Number.MAX_VALUE ? `a number of at least ${min}` : `a number from ${min} to ${max}`;
  throw invalidInput(`${name} ${text} is invalid; it must be ${range}.`);
}

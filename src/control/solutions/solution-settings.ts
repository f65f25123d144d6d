import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { rangeViolations } from '../../learn/recipes/hyperparameter-ranges.ts';
import { parameterViolations } from '../../learn/recipes/parameters.ts';
import { isDecimal } from '../../util/decimal.ts';
import { refuseUnavailable } from '../availability.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import { checkEventsConfig } from './events-config.ts';
import type { SolutionConfig, SolutionSettings } from './solution-kind.ts';
import { daysOf, defaultSchedule } from './training-schedule.ts';

/**
 * What a new solution is to be, checked and with the service's defaults filled in (spec training.md §1).
 *
 * @throws ServiceError InvalidInputException for a setting that is wrong or that this version does not have yet.
 */
export function solutionSettings(
  input: Input<'CreateSolution'>,
): SolutionSettings & { readonly performAutoTraining: boolean } {
  const { recipeArn, performHPO, performAutoML, performIncrementalUpdate, eventType } = input;
  const { performAutoTraining = true, solutionConfig = {} } = input;
  refuseUnavailable({ performHPO: performHPO === true, performAutoML: performAutoML === true });
  refuseUnavailableConfig(solutionConfig);
  if (recipeArn === undefined) throw invalidInput('recipeArn is required unless performAutoML is true.');
  checkIncrementalUpdate(recipeArn, performIncrementalUpdate);
  const recipe = getRecipe(recipeArn);
  const ranges = rangeViolations(recipe, solutionConfig.hpoConfig?.algorithmHyperParameterRanges ?? {});
  const violations = [...parameterViolations(recipe, solutionConfig), ...ranges];
  if (violations.length > 0) throw invalidInput(violations.join(' '));
  checkThreshold(solutionConfig.eventValueThreshold);
  checkEventsConfig({ recipeArn, eventType, solutionConfig }, solutionConfig.eventsConfig);
  checkSchedule(solutionConfig.autoTrainingConfig);
  return {
    recipeArn,
    performIncrementalUpdate,
    eventType,
    performAutoTraining,
    performHPO: false,
    performAutoML: false,
    solutionConfig: { ...(performAutoTraining && { autoTrainingConfig: defaultSchedule }), ...solutionConfig },
  };
}

/** @throws ServiceError InvalidInputException if a recipe takes nothing in between trainings, but is asked to */
export function checkIncrementalUpdate(recipeArn: string, performIncrementalUpdate: boolean | undefined): void {
  const { name, supportsIncrementalUpdate } = getRecipe(recipeArn);
  if (!performIncrementalUpdate || supportsIncrementalUpdate) return;
  throw invalidInput(`performIncrementalUpdate is not supported by recipe ${name}.`);
}

/** @throws ServiceError InvalidInputException if the settings ask for what this version does not have. */
function refuseUnavailableConfig({ optimizationObjective }: SolutionConfig): void {
  refuseUnavailable({
    optimizationObjective: !isEmpty(optimizationObjective) && optimizationObjective?.objectiveSensitivity !== 'OFF',
  });
}

const isEmpty = (value: object = {}) => Object.keys(value).length === 0;

function checkThreshold(threshold: string | undefined): void {
  if (threshold === undefined) return;
  if (!isDecimal(threshold) || !Number.isFinite(Number(threshold))) {
    throw invalidInput(`eventValueThreshold ${threshold} is not a number.`);
  }
}

/** @throws ServiceError InvalidInputException unless the rate is of 1 to 30 days. */
export function checkSchedule(config: SolutionConfig['autoTrainingConfig']): void {
  const expression = config?.schedulingExpression;
  if (expression === undefined) return;
  const days = daysOf(expression);
  if (days < 1 || days > 30) throw invalidInput(`schedulingExpression ${expression} must be of 1 to 30 days.`);
}

import { invalidInput } from '../../contract/errors.ts';
import type { EventParameters } from '../../learn/training/training.ts';
import { getRecipe } from '../models/recipe-lookup.ts';
import type { SolutionConfig, SolutionSettings } from './solution-kind.ts';

type EventsConfig = SolutionConfig['eventsConfig'];

/** Of an event type that is listed without a weight. */
const defaultWeight = 1;

/**
 * Event weights are for recipes that have them, and say all that `eventType` and `eventValueThreshold` say (spec
 * training.md §5).
 *
 * @throws ServiceError InvalidInputException for a list that is wrong or that the solution cannot have
 */
export function checkEventsConfig(
  { recipeArn, eventType, solutionConfig }: Pick<SolutionSettings, 'recipeArn' | 'eventType' | 'solutionConfig'>,
  eventsConfig: EventsConfig,
): void {
  const list = eventsConfig?.eventParametersList ?? [];
  if (list.length === 0) return;
  const recipe = getRecipe(recipeArn);
  if (!recipe.supportsEventWeights) throw invalidInput(`eventsConfig is not supported by recipe ${recipe.name}.`);
  if (eventType !== undefined || solutionConfig?.eventValueThreshold !== undefined) {
    throw invalidInput('eventsConfig cannot be given together with eventType or eventValueThreshold.');
  }
  const seen = new Set<string>();
  for (const { eventType: type } of list) {
    if (type === undefined || type === '') throw invalidInput('Each entry of eventParametersList needs an eventType.');
    if (seen.has(type)) throw invalidInput(`eventParametersList has the eventType ${type} more than once.`);
    seen.add(type);
  }
  if (list.every(({ weight = defaultWeight }) => weight === 0)) {
    throw invalidInput('At least one weight in eventParametersList must be greater than 0.');
  }
}

/** The list as a training takes it; nothing where it is empty. */
export function trainedEvents(eventsConfig: EventsConfig): readonly EventParameters[] | undefined {
  const list = eventsConfig?.eventParametersList ?? [];
  if (list.length === 0) return undefined;
  return list.map(({ eventType = '', eventValueThreshold, weight = defaultWeight }) => ({
    eventType,
    eventValueThreshold,
    weight,
  }));
}

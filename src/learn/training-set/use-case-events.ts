import type { UseCase } from '../recipes/recipe.ts';
import type { TrainingData } from './plan.ts';

/** The data, less the events from which the use case of a recommender does not learn. */
export function withUseCaseEvents(data: TrainingData, useCase: UseCase | undefined): TrainingData {
  const eventType = useCase?.trainsOn;
  return eventType === undefined ? data : { ...data, eventType, anyCase: true };
}

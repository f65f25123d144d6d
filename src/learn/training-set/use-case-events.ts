import type { UseCase } from '../recipes/recipe.ts';
import type { TrainingData } from './plan.ts';

/** The data, less the events from which the use case of a recommender does not learn, and which of them are counted. */
export function withUseCaseEvents(data: TrainingData, useCase: UseCase | undefined): TrainingData {
  const { trainsOn, learnsFromOthers } = useCase ?? {};
  if (trainsOn === undefined) return data;
  return { ...data, eventType: trainsOn, anyCase: true, ...(learnsFromOthers && { takesOthers: true }) };
}

import type { History } from '../histories/histories.ts';
import type { InteractionColumn } from '../histories/interaction-columns.ts';
import type { EventParameters } from './training.ts';

/** How much the events of one type count. */
export type EventWeight = Pick<EventParameters, 'eventType' | 'weight'>;

/** The weights of event types over their mean (spec training.md §9.4). */
export function relativeWeights(events: readonly EventParameters[]): readonly EventWeight[] {
  const mean = events.reduce((sum, { weight }) => sum + weight, 0) / events.length;
  return events.map(({ eventType, weight }) => ({ eventType, weight: weight / mean }));
}

/** How much it counts to predict the nth interaction of a history. */
export type Weighting = (history: History, n: number) => number;

/**
 * By the weights of event types; of types without one, nothing counts. Without weights, and where no event has a type
 * with more than 0, all count alike.
 */
export function weightingOf(
  columns: readonly InteractionColumn[],
  weights: readonly EventWeight[] | undefined,
): Weighting {
  const index = columns.findIndex(({ name }) => name === 'EVENT_TYPE');
  const column = columns[index];
  if (weights === undefined || column?.kind !== 'categorical') return () => 1;
  const weightOf = new Map(weights.map(({ eventType, weight }) => [eventType, weight]));
  const byCode = Float64Array.of(0, ...column.values.map((type) => weightOf.get(type) ?? 0));
  if (byCode.every((weight) => weight === 0)) return () => 1;
  return ({ codes }, n) => byCode[codes[index][n]];
}

import type { History } from './histories.ts';
import type { InteractionColumn } from './interaction-columns.ts';
import type { EventParameters } from './training.ts';

/** The weights of event types over their mean (spec training.md §9.4), by type. */
export function relativeWeights(events: readonly EventParameters[]): Readonly<Record<string, number>> {
  const mean = events.reduce((sum, { weight }) => sum + weight, 0) / events.length;
  return Object.fromEntries(events.map(({ eventType, weight }) => [eventType, weight / mean]));
}

/** How much it counts to foretell the nth interaction of a history. */
export type Weighting = (history: History, n: number) => number;

/**
 * By the weights of event types; of types without one, nothing counts. Without weights, and where no event has a type with more than 0,
 * all count alike.
 */
export function weightingOf(
  columns: readonly InteractionColumn[],
  weights: Readonly<Record<string, number>> | undefined,
): Weighting {
  const place = columns.findIndex(({ name }) => name === 'EVENT_TYPE');
  const column = columns[place];
  if (weights === undefined || column?.kind !== 'categorical') return () => 1;
  const byCode = Float64Array.of(0, ...column.values.map((type) => weights[type] ?? 0));
  if (byCode.every((weight) => weight === 0)) return () => 1;
  return ({ codes }, n) => byCode[codes[place]?.[n] ?? 0] ?? 0;
}

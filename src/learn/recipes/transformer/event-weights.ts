import type { History } from '../../histories.ts';
import type { InteractionColumn } from '../../interaction-columns.ts';

/** How much it counts to foretell the nth interaction of a history. */
export type Weighting = (history: History, n: number) => number;

/** By the weights of event types; of types without one, nothing counts. Without weights, or with events of one type alone, all count alike. */
export function weightingOf(
  columns: readonly InteractionColumn[],
  weights: Readonly<Record<string, number>> | undefined,
): Weighting {
  const place = columns.findIndex(({ name }) => name === 'EVENT_TYPE');
  const column = columns[place];
  if (weights === undefined || column?.kind !== 'categorical') return () => 1;
  const byCode = Float64Array.of(0, ...column.values.map((type) => weights[type] ?? 0));
  return ({ codes }, n) => byCode[codes[place]?.[n] ?? 0] ?? 0;
}

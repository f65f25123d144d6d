import type { EventDatasetType } from '../dataset-types.ts';

/** What an event says of an action. All three train aws-next-best-action. */
export type ActionEventType = 'TAKEN' | 'NOT_TAKEN' | 'VIEWED';

const types: ReadonlyMap<string, ActionEventType> = new Map([
  ['taken', 'TAKEN'],
  ['not taken', 'NOT_TAKEN'],
  ['viewed', 'VIEWED'],
]);

/** The service spells its types in several ways: `Not Taken`, `NOT_TAKEN`. An event of another type trains nothing. */
export const actionEventType = (text: string): ActionEventType | undefined =>
  types.get(eventTypeKey('ACTION_INTERACTIONS', text));

/**
 * An event type as it is compared to others, which case does not tell apart. Of actions, `_` and blanks do not either:
 * `Not Taken` is `NOT_TAKEN`.
 */
export function eventTypeKey(dataset: EventDatasetType, text: string): string {
  const key = text.toLowerCase();
  return dataset === 'INTERACTIONS' ? key : key.replace(/[\s_]+/g, ' ').trim();
}

/** Event types as they are compared (`eventTypeKey`), or all there are. */
export type EventTypes = ReadonlySet<string> | 'any';

/**
 * The newest interactions of each user, by event type: those that filters consider. Where they are with actions, these
 * take the place of items.
 */
export interface EventsByType {
  /**
   * The items that the user of an id has events on, by event type in lower case, the newest events of each type. An id
   * that is no user's is that of a session. Empty for one that is unknown.
   *
   * @returns indexes of items, which may occur more than once
   */
  find(id: string): ReadonlyMap<string, Uint32Array>;
  /** All indexes are less. */
  readonly itemCount: number;
  /** @throws RangeError if there is no such index */
  itemId(index: number): string;
}

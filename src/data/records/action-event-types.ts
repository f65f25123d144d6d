/** What an event says of an action. All three train aws-next-best-action. */
export type ActionEventType = 'TAKEN' | 'NOT_TAKEN' | 'VIEWED';

const TYPES: ReadonlyMap<string, ActionEventType> = new Map([
  ['TAKEN', 'TAKEN'],
  ['NOT_TAKEN', 'NOT_TAKEN'],
  ['VIEWED', 'VIEWED'],
]);

/** The service spells its types in several ways: `Not Taken`, `NOT_TAKEN`. An event of another type trains nothing. */
export function actionEventType(text: string): ActionEventType | undefined {
  return TYPES.get(
    text
      .trim()
      .replace(/[\s_]+/g, '_')
      .toUpperCase(),
  );
}

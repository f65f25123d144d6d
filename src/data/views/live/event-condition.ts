/** Which events train: those of a type, those with a value of at least so much, or both. */
export type EventCondition = {
  readonly eventType?: string | undefined;
  readonly eventValueThreshold?: number | undefined;
};

/**
 * Whether an event, by its type and its value (NaN for none), meets one of these conditions; where there
 * are none, every event does.
 */
export function meetsOneOf(conditions: readonly EventCondition[]): (eventType: string, value: number) => boolean {
  if (conditions.length === 0) return () => true;
  const rules = conditions.map(({ eventType, eventValueThreshold }) => ({
    eventType,
    // In the column's own precision: 3.6 as a double is more than 3.6 as a float.
    least: eventValueThreshold === undefined ? undefined : Math.fround(eventValueThreshold),
  }));
  return (type, value) =>
    rules.some(
      ({ eventType, least }) =>
        (eventType === undefined || type === eventType) && (least === undefined || value >= least),
    );
}

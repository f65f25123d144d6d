/** Which events train: those of a type, those with a value of at least so much, or both. */
export type EventCondition = {
  readonly eventType?: string | undefined;
  /** Whether the type may be written in any case. */
  readonly anyCase?: true | undefined;
  readonly eventValueThreshold?: number | undefined;
};

/**
 * Whether an event, by its type and its value (NaN for none), meets one of these conditions; where there
 * are none, every event does.
 */
export function meetsOneOf(conditions: readonly EventCondition[]): (eventType: string, value: number) => boolean {
  if (conditions.length === 0) return () => true;
  const rules = conditions.map(({ eventType, anyCase, eventValueThreshold }) => ({
    isOfType: typeTest(eventType, anyCase),
    // In the column's own precision: 3.6 as a double is more than 3.6 as a float.
    least: eventValueThreshold === undefined ? undefined : Math.fround(eventValueThreshold),
  }));
  return (type, value) =>
    rules.some(({ isOfType, least }) => isOfType(type) && (least === undefined || value >= least));
}

function typeTest(wanted: string | undefined, anyCase: boolean | undefined): (type: string) => boolean {
  if (wanted === undefined) return () => true;
  const lowerCase = wanted.toLowerCase();
  return anyCase ? (type) => type === wanted || type.toLowerCase() === lowerCase : (type) => type === wanted;
}

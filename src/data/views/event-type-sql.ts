import { sqlString } from '../engine/duckdb.ts';

/** The condition that a row of interactions is of this type. */
export const isEventType = (eventType: string, anyCase?: boolean): string =>
  anyCase ? `lower(EVENT_TYPE) = ${sqlString(eventType.toLowerCase())}` : `EVENT_TYPE = ${sqlString(eventType)}`;

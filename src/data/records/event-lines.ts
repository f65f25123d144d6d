import { invalidInput } from '../../contract/errors.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import type { EventDatasetType } from '../dataset-types.ts';
import { reservedFields } from '../reserved-fields.ts';
import { encodeLine, type Layout } from './layout.ts';
import { type OwnColumn, ownColumn, ownValue } from './own-columns.ts';
import { normalKey, type Properties, type PropertyRules, propertyColumns, readProperties } from './properties.ts';

/** Members of an event that are no columns of a schema; no field of a schema can bear such a name. */
export const sessionColumn = '$SESSION_ID';
export const eventIdColumn = '$EVENT_ID';
export const receivedColumn = '$RECEIVED_AT';

/** Largest event as JSON, in bytes (spec events.md §1). */
const largestEvent = 10 * 1024;
/**
 * UTF-16 units of texts up to which no event is that large: they take six bytes each at most, and all else less than
 * 512.
 */
const shortTexts = (largestEvent - 512) / 6;
/** Numbers from here on are milliseconds: the year 5138 in seconds, 1973 in milliseconds. */
const leastMilliseconds = 1e11;
const largestTime = 99_999_999_999;

/** Members of an event, or of its call, that its properties may not repeat. */
const reservedKeys = ['userId', 'sessionId', 'eventType', 'timestamp', 'recommendationId', 'impression'].map(normalKey);

/** How events of one dataset, of items or of actions, are written into the log: its schema decides what is kept. */
export class EventLines {
  readonly layout: Layout;
  /** What the properties of an event are held against. */
  readonly rules: PropertyRules;
  /**
   * The columns that are the schema's own. Only these can be required: events may lack all that is reserved (spec
   * events.md §2).
   */
  readonly #own: readonly OwnColumn[];

  /** @param inProperties reserved columns that an event may have in its properties, too */
  constructor({ fields, reservedWords }: DatasetSchema, type: EventDatasetType, inProperties: readonly Field[] = []) {
    const reserved = reservedFields(type);
    const names = new Set(reserved.map(({ name }) => name));
    const own = fields.filter(({ name }) => !names.has(name.toUpperCase()));
    const given = new Map(inProperties.map((field) => [field.name, field]));
    this.layout = [
      { name: sessionColumn, type: 'string' },
      { name: eventIdColumn, type: 'string' },
      { name: receivedColumn, type: 'long' },
      ...reserved.map(({ name, type: reservedType }) => ({ name, type: given.get(name)?.type ?? reservedType })),
      ...own.map(({ name, type: ownType }) => ({ name, type: ownType })),
    ];
    const members = [sessionColumn, eventIdColumn, ...names];
    this.#own = own.map((field) => ownColumn(field, members, this.layout));
    const columns = propertyColumns([...own, ...inProperties], { reservedWords });
    // Where the schema has a column of that name, the key may repeat what the member says.
    this.rules = { columns, reserved: new Set(reservedKeys.filter((key) => !columns.has(key))) };
  }

  /**
   * The properties of an event.
   *
   * @throws ServiceError InvalidInputException as `readProperties` does
   */
  properties(text: string | undefined, path: string, rules = this.rules): Properties {
    return readProperties(text, rules, `${path}.properties`);
  }

  /**
   * The line of an event.
   *
   * @param values its session, its id, when it came, and then the reserved columns, in the order of the layout
   * @throws ServiceError InvalidInputException if a column of the schema must have a value and has none
   */
  line(values: string[], properties: Properties, path: string): string {
    for (const column of this.#own) values.push(ownValue(column, values, properties, reservedKeys, path));
    return encodeLine(values);
  }
}

/**
 * Refuses an event that is larger as JSON than one may be. Its JSON is made only where its texts are long.
 *
 * @param texts all that it has
 * @throws ServiceError InvalidInputException
 */
export function refuseLarge(event: object, texts: readonly (string | undefined)[], path: string): void {
  let units = 0;
  for (const text of texts) units += text?.length ?? 0;
  if (units <= shortTexts || Buffer.byteLength(JSON.stringify(event)) <= largestEvent) return;
  throw invalidInput(`${path} is larger than the ${largestEvent} bytes that an event may have.`);
}

/** Whole seconds since 1970: order within a second is that of arrival. */
export function secondsOf(time: number, path: string): number {
  const seconds = Math.floor(Math.abs(time) >= leastMilliseconds ? time / 1000 : time);
  if (Math.abs(seconds) <= largestTime) return seconds;
  throw invalidInput(`Value '${time}' at '${path}' failed to satisfy constraint: a time must be in seconds since 1970`);
}

import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { reservedFields } from '../reserved-fields.ts';
import { impressionCell } from './impression.ts';
import { encodeLine, type Layout } from './layout.ts';
import { type OwnColumn, ownColumn, ownValue } from './own-columns.ts';
import {
  normalKey,
  type Properties,
  type PropertyRules,
  propertyColumns,
  readProperties,
  type ValueReader,
  valueReader,
} from './properties.ts';

type PutEvents = Input<'PutEvents'>;
type Event = PutEvents['eventList'][number];

/** Items that answers have shown, by recommendationId. */
export type ShownByAnswer = ReadonlyMap<string, readonly string[]>;

/** What the events of a call have in common. */
type Call = Pick<PutEvents, 'userId' | 'sessionId'> & { readonly receivedAt: number; readonly shown: ShownByAnswer };

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

/** Events as records of one Interactions dataset: its schema decides which properties are kept. */
export class EventRecords {
  readonly layout: Layout;
  /**
   * The columns that are the schema's own. Only these can be required: events may lack all that is reserved (spec
   * events.md §2).
   */
  readonly #own: readonly OwnColumn[];
  /** Without EVENT_VALUE in the schema, a value is dropped as other keys without a column are. */
  readonly #hasValue: boolean;
  readonly #readValue: ValueReader;
  readonly #rules: PropertyRules;
  /** The client library sends the user's id in the properties of `Identify` (spec events.md §8). */
  readonly #identifyRules: PropertyRules;

  constructor({ fields }: DatasetSchema) {
    const reserved = reservedFields('INTERACTIONS');
    const names = new Set(reserved.map(({ name }) => name));
    // Columns of files differ in more than case.
    const declared = new Map(fields.map((field) => [field.name.toUpperCase(), field]));
    const own = fields.filter(({ name }) => !names.has(name.toUpperCase()));
    const value = declared.get('EVENT_VALUE');
    this.layout = [
      { name: sessionColumn, type: 'string' },
      { name: eventIdColumn, type: 'string' },
      { name: receivedColumn, type: 'long' },
      ...reserved.map(({ name, type }) => ({ name, type: name === 'EVENT_VALUE' && value ? value.type : type })),
      ...own.map(({ name, type }) => ({ name, type })),
    ];
    const members = [sessionColumn, eventIdColumn, ...names];
    this.#own = own.map((field) => ownColumn(field, members, this.layout));
    const eventValue = optionalColumn('EVENT_VALUE', value?.type ?? 'float');
    this.#hasValue = fields.some(({ name }) => normalKey(name) === normalKey('EVENT_VALUE'));
    this.#readValue = valueReader(eventValue);
    const optional = [eventValue, attributionSource].filter(({ name }) => declared.has(name));
    const columns = propertyColumns([...own, itemId, ...optional]);
    // Where the schema has a column of that name, the key may repeat what the member says.
    this.#rules = { columns, reserved: new Set(reservedKeys.filter((key) => !columns.has(key))) };
    this.#identifyRules = {
      columns,
      reserved: new Set([...this.#rules.reserved].filter((key) => key !== normalKey('userId'))),
    };
  }

  /**
   * The lines of a call's events, in order.
   *
   * @param receivedAt milliseconds since the epoch
   * @param shown the items of the answers that events name, by recommendationId: the impression of an event that brings
   * none itself
   * @throws ServiceError InvalidInputException for the first event that breaks a rule: a call is taken whole or not at
   * all
   */
  encode({ userId, sessionId, eventList }: PutEvents, receivedAt: number, shown: ShownByAnswer = new Map()): string {
    let lines = '';
    const call = { userId, sessionId, receivedAt, shown };
    for (const [index, event] of eventList.entries()) {
      lines += encodeLine(this.#values(event, `eventList.${index + 1}.member`, call));
    }
    return lines;
  }

  #values(event: Event, path: string, { sessionId, userId = '', receivedAt, shown }: Call): string[] {
    if (isTooLarge(event)) {
      throw invalidInput(`${path} is larger than the ${largestEvent} bytes that an event may have.`);
    }
    const { eventId = '', eventType, recommendationId = '', metricAttribution } = event;
    const rules = eventType === 'Identify' ? this.#identifyRules : this.#rules;
    const properties = readProperties(event.properties, rules, `${path}.properties`);
    const values = [
      sessionId,
      eventId,
      String(receivedAt),
      userId,
      event.itemId ?? properties.get(itemId.name) ?? '',
      String(seconds(event.sentAt, `${path}.sentAt`)),
      eventType,
      this.#valueOf(event, properties, path),
      impressionCell(event.impression ?? shown.get(recommendationId) ?? []),
      recommendationId,
      metricAttribution?.eventAttributionSource ?? properties.get(attributionSource.name) ?? '',
    ];
    for (const column of this.#own) values.push(ownValue(column, values, properties, reservedKeys, path));
    return values;
  }

  #valueOf({ eventValue }: Event, properties: Properties, path: string): string {
    if (eventValue === undefined) return properties.get('EVENT_VALUE') ?? '';
    const value = this.#readValue(eventValue, `${path}.eventValue`);
    return this.#hasValue ? value : '';
  }
}

/** Whether an event is larger as JSON than one may be; its JSON is made only where its texts are long. */
function isTooLarge(event: Event): boolean {
  const { eventId, eventType, itemId, properties, recommendationId, impression, metricAttribution } = event;
  const texts = [eventId, eventType, itemId, properties, recommendationId, metricAttribution?.eventAttributionSource];
  let units = impression === undefined ? 0 : impressionCell(impression).length;
  for (const text of texts) units += text?.length ?? 0;
  return units > shortTexts && Buffer.byteLength(JSON.stringify(event)) > largestEvent;
}

const optionalColumn = (name: string, type: Field['type']): Field => ({
  name,
  type,
  nullable: true,
  categorical: false,
  textual: false,
});
const itemId = optionalColumn('ITEM_ID', 'string');
const attributionSource = optionalColumn('EVENT_ATTRIBUTION_SOURCE', 'string');

/** Whole seconds since 1970: order within a second is that of arrival. */
function seconds(sentAt: number, path: string): number {
  const time = Math.floor(Math.abs(sentAt) >= leastMilliseconds ? sentAt / 1000 : sentAt);
  if (Math.abs(time) <= largestTime) return time;
  throw invalidInput(
    `Value '${sentAt}' at '${path}' failed to satisfy constraint: a time must be in seconds since 1970`,
  );
}

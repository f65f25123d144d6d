import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { reservedFields } from '../reserved-fields.ts';
import { impressionCell } from './impression.ts';
import { encodeLine, type Layout } from './layout.ts';
import { checkedValue, normalKey, type PropertyRules, readProperties, requireValue } from './properties.ts';

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
/** Numbers from here on are milliseconds: the year 5138 in seconds, 1973 in milliseconds. */
const leastMilliseconds = 1e11;
const largestTime = 99_999_999_999;

/** Members of an event, or of its call, that its properties may not repeat. */
const reservedKeys = ['userId', 'sessionId', 'eventType', 'timestamp', 'recommendationId', 'impression'];

/** Events as records of one Interactions dataset: its schema decides which properties count. */
export class EventRecords {
  readonly layout: Layout;
  readonly #own: readonly Field[];
  /** Reserved columns of the schema that an event may lack. */
  readonly #reserved: readonly Field[];
  readonly #rules: PropertyRules;
  /** The client library sends the user's id in the properties of `Identify` (spec events.md §8). */
  readonly #identifyRules: PropertyRules;

  constructor({ fields }: DatasetSchema) {
    const reserved = reservedFields('INTERACTIONS');
    const names = new Set(reserved.map(({ name }) => name));
    this.#own = fields.filter(({ name }) => !names.has(name));
    this.#reserved = fields.filter(({ name }) => optionalMembers.includes(name));
    this.layout = [
      { name: sessionColumn, type: 'string' },
      { name: eventIdColumn, type: 'string' },
      { name: receivedColumn, type: 'long' },
      ...reserved.map(({ name, type }) => ({ name, type })),
      ...this.#own.map(({ name, type }) => ({ name, type })),
    ];
    const columns = new Map([...this.#own, itemId, eventValue].map((field) => [normalKey(field.name), field]));
    this.#rules = { columns, reserved: new Set(reservedKeys.map(normalKey)) };
    this.#identifyRules = {
      columns,
      reserved: new Set([...this.#rules.reserved].filter((key) => key !== normalKey('userId'))),
    };
  }

  /**
   * The lines of a call's events, in order.
   *
   * @param receivedAt milliseconds since the epoch
   * @param shown the items of the answers that events name, by recommendationId: the impression of an event that brings none itself
   * @throws ServiceError InvalidInputException for the first event that breaks a rule: a call is taken whole or not at all
   */
  encode({ userId, sessionId, eventList }: PutEvents, receivedAt: number, shown: ShownByAnswer = new Map()): string {
    let lines = '';
    const call = { userId, sessionId, receivedAt, shown };
    for (const [index, event] of eventList.entries()) {
      lines += encodeLine(this.#values(event, `eventList.${index + 1}.member`, call));
    }
    return lines;
  }

  #values(event: Event, path: string, call: Call): string[] {
    if (Buffer.byteLength(JSON.stringify(event)) > largestEvent) {
      throw invalidInput(`${path} is larger than the ${largestEvent} bytes that an event may have.`);
    }
    const rules = event.eventType === 'Identify' ? this.#identifyRules : this.#rules;
    const properties = readProperties(event.properties, rules, `${path}.properties`);
    const { recommendationId = '', impression = call.shown.get(recommendationId) ?? [] } = event;
    const item = event.itemId ?? properties.get(itemId.name) ?? '';
    const value =
      event.eventValue === undefined
        ? (properties.get(eventValue.name) ?? '')
        : checkedValue(eventValue, event.eventValue, `${path}.eventValue`);
    const members: Readonly<Record<string, string>> = {
      EVENT_VALUE: value,
      IMPRESSION: impressionCell(impression),
      RECOMMENDATION_ID: recommendationId,
      EVENT_ATTRIBUTION_SOURCE: event.metricAttribution?.eventAttributionSource ?? '',
    };
    for (const field of this.#reserved) {
      // The items of the answer that a recommendationId names are its impression.
      const given = field.name === 'IMPRESSION' ? (members.IMPRESSION ?? '') + recommendationId : members[field.name];
      requireValue(field, given, path);
    }
    for (const field of this.#own) requireValue(field, properties.get(field.name), path);
    return [
      ...[call.sessionId, event.eventId ?? '', String(call.receivedAt)],
      ...[call.userId ?? '', item, String(seconds(event.sentAt, `${path}.sentAt`)), event.eventType],
      ...optionalMembers.map((name) => members[name] ?? ''),
      ...this.#own.map(({ name }) => properties.get(name) ?? ''),
    ];
  }
}

const column = (name: string, type: Field['type']): Field => ({
  ...{ name, type },
  ...{ nullable: true, categorical: false, textual: false },
});
const itemId = column('ITEM_ID', 'string');
const eventValue = column('EVENT_VALUE', 'float');
/** In the order of the reserved fields, after those that every event has. */
const optionalMembers = ['EVENT_VALUE', 'IMPRESSION', 'RECOMMENDATION_ID', 'EVENT_ATTRIBUTION_SOURCE'];

/** Whole seconds since 1970: order within a second is that of arrival. */
function seconds(sentAt: number, path: string): number {
  const time = Math.floor(Math.abs(sentAt) >= leastMilliseconds ? sentAt / 1000 : sentAt);
  if (Math.abs(time) <= largestTime) return time;
  throw invalidInput(
    `Value '${sentAt}' at '${path}' failed to satisfy constraint: a time must be in seconds since 1970`,
  );
}

import type { Input } from '../../contract/operations.ts';
import type { DatasetSchema, Field } from '../dataset-schema.ts';
import { EventLines, refuseLarge, secondsOf } from './event-lines.ts';
import { impressionCell } from './impression.ts';
import type { Layout } from './layout.ts';
import { normalKey, type Properties, type PropertyRules, type ValueReader, valueReader } from './properties.ts';

type PutEvents = Input<'PutEvents'>;
type Event = PutEvents['eventList'][number];

/** Items that answers have shown, by recommendationId. */
export type ShownByAnswer = ReadonlyMap<string, readonly string[]>;

/** What the events of a call have in common. */
type Call = Pick<PutEvents, 'userId' | 'sessionId'> & { readonly receivedAt: number; readonly shown: ShownByAnswer };

/** Events as records of one Interactions dataset: its schema decides which properties are kept. */
export class EventRecords {
  readonly #lines: EventLines;
  /** Without EVENT_VALUE in the schema, a value is dropped as other keys without a column are. */
  readonly #hasValue: boolean;
  readonly #readValue: ValueReader;
  /** The client library sends the user's id in the properties of `Identify` (spec events.md §8). */
  readonly #identifyRules: PropertyRules;

  constructor(schema: DatasetSchema) {
    // Columns of files differ in more than case.
    const declared = new Map(schema.fields.map((field) => [field.name.toUpperCase(), field]));
    const eventValue = optionalColumn('EVENT_VALUE', declared.get('EVENT_VALUE')?.type ?? 'float');
    const optional = [eventValue, attributionSource].filter(({ name }) => declared.has(name));
    this.#lines = new EventLines(schema, 'INTERACTIONS', [itemId, ...optional]);
    this.#hasValue = schema.fields.some(({ name }) => normalKey(name) === normalKey('EVENT_VALUE'));
    this.#readValue = valueReader(eventValue);
    const { columns, reserved } = this.#lines.rules;
    this.#identifyRules = { columns, reserved: new Set([...reserved].filter((key) => key !== normalKey('userId'))) };
  }

  get layout(): Layout {
    return this.#lines.layout;
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
      lines += this.#line(event, `eventList.${index + 1}.member`, call);
    }
    return lines;
  }

  #line(event: Event, path: string, { sessionId, userId = '', receivedAt, shown }: Call): string {
    const { eventId = '', eventType, recommendationId = '', metricAttribution, impression } = event;
    const source = metricAttribution?.eventAttributionSource;
    const shownHere = impression && impressionCell(impression);
    const texts = [eventId, eventType, event.itemId, event.properties, recommendationId, source, shownHere];
    refuseLarge(event, texts, path);
    const rules = eventType === 'Identify' ? this.#identifyRules : this.#lines.rules;
    const properties = this.#lines.properties(event.properties, path, rules);
    const values = [
      sessionId,
      eventId,
      String(receivedAt),
      userId,
      event.itemId ?? properties.get(itemId.name) ?? '',
      String(secondsOf(event.sentAt, `${path}.sentAt`)),
      eventType,
      this.#valueOf(event, properties, path),
      shownHere ?? impressionCell(shown.get(recommendationId) ?? []),
      recommendationId,
      source ?? properties.get(attributionSource.name) ?? '',
    ];
    return this.#lines.line(values, properties, path);
  }

  #valueOf({ eventValue }: Event, properties: Properties, path: string): string {
    if (eventValue === undefined) return properties.get('EVENT_VALUE') ?? '';
    const value = this.#readValue(eventValue, `${path}.eventValue`);
    return this.#hasValue ? value : '';
  }
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

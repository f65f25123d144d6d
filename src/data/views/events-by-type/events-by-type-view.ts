import { type EventDatasetType, subjectColumns } from '../../dataset-types.ts';
import { eventTypeKey } from '../../records/action-event-types.ts';
import { receivedColumn, sessionColumn } from '../../records/event-lines.ts';
import { decodeLines, type Layout } from '../../records/layout.ts';
import type { LogEntry } from '../../records/record-log.ts';
import { timeOf } from '../event-time.ts';
import type { Snapshot, View } from '../view.ts';
import { EventStore } from './event-store.ts';
import type { EventTypes } from './events-by-type.ts';
import { readEvents } from './read-events.ts';

export type EventsByTypeOptions = {
  readonly datasetArn: string;
  /** What it is of: Interactions unless given. */
  readonly dataset?: EventDatasetType;
  /** The types that are held. */
  readonly types: EventTypes;
  /** Most events of a user and type, from 0 on: the newest. */
  readonly limit: number;
  /** Of the sessions in files, those are remembered that had an event since then: milliseconds since the epoch. */
  readonly sessionsSince: number;
};

/** The newest events of each user and type, on items or on actions, imported ones and streamed ones, as a view. */
export class EventsByTypeView implements View {
  readonly events: EventStore;
  readonly #options: EventsByTypeOptions;

  constructor(options: EventsByTypeOptions) {
    this.events = new EventStore(options.limit);
    this.#options = options;
  }

  get bytes(): number {
    return this.events.bytes;
  }

  /** Whether it holds the events of these types. */
  holds(types: EventTypes): boolean {
    const held = this.#options.types;
    return held === 'any' || (types !== 'any' && [...types].every((type) => held.has(type)));
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    const { files } = of(this.#options.datasetArn);
    await readEvents(this.events, { ...this.#options, files, temporaryFolder, signal });
  }

  apply({ body }: LogEntry, layout: Layout): void {
    const { types, dataset = 'INTERACTIONS' } = this.#options;
    const names = [sessionColumn, 'USER_ID', subjectColumns[dataset], 'EVENT_TYPE', 'TIMESTAMP', receivedColumn];
    const [session, user, item, type, sent, received] = names.map((name) => indexIn(layout, name));
    for (const values of decodeLines(body)) {
      const eventType = eventTypeKey(dataset, values[type] ?? '');
      this.events.add({
        sessionId: values[session] ?? '',
        userId: values[user] ?? '',
        itemId: values[item] ?? '',
        eventType: types === 'any' || types.has(eventType) ? eventType : '',
        time: timeOf(Number(values[sent]), Number(values[received])),
      });
    }
  }
}

const indexIn = (layout: Layout, name: string): number => layout.findIndex((column) => column.name === name);

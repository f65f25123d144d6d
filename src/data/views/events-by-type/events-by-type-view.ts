import type { DatasetSchema } from '../../dataset-schema.ts';
import { receivedColumn, sessionColumn } from '../../records/event-records.ts';
import { decodeLines, type Layout } from '../../records/layout.ts';
import type { LogEntry } from '../../records/record-log.ts';
import { timeOf } from '../event-time.ts';
import type { Snapshot, View } from '../view.ts';
import { EventStore } from './event-store.ts';
import { readEvents } from './read-events.ts';

export type EventsByTypeOptions = {
  /** An Interactions dataset. */
  readonly datasetArn: string;
  /** Without a column EVENT_TYPE nothing is held. */
  readonly schema: DatasetSchema;
  /** Most events of a user and type, from 0 on: the newest. */
  readonly limit: number;
  /** Of the sessions in files, those are remembered that had an event since then: milliseconds since the epoch. */
  readonly sessionsSince: number;
};

/** The newest events of each user and type of an Interactions dataset, imported ones and streamed ones, as a view. */
export class EventsByTypeView implements View {
  readonly events: EventStore;
  readonly #options: EventsByTypeOptions;
  readonly #hasTypes: boolean;

  constructor(options: EventsByTypeOptions) {
    this.events = new EventStore(options.limit);
    this.#options = options;
    this.#hasTypes = options.schema.fields.some(({ name }) => name.toUpperCase() === 'EVENT_TYPE');
  }

  get bytes(): number {
    return this.events.bytes;
  }

  async read({ of, temporaryFolder }: Snapshot, signal: AbortSignal): Promise<void> {
    if (!this.#hasTypes) return;
    const { datasetArn, limit, sessionsSince } = this.#options;
    const files = of(datasetArn).files.map(({ path }) => path);
    await readEvents(this.events, { files, limit, sessionsSince, temporaryFolder, signal });
  }

  apply({ body }: LogEntry, layout: Layout): void {
    if (!this.#hasTypes) return;
    const [session, user, item, type, sent, received] = names.map((name) => indexIn(layout, name));
    for (const values of decodeLines(body)) {
      this.events.add({
        sessionId: values[session] ?? '',
        userId: values[user] ?? '',
        itemId: values[item] ?? '',
        eventType: values[type] ?? '',
        time: timeOf(Number(values[sent]), Number(values[received])),
      });
    }
  }
}

const names = [sessionColumn, 'USER_ID', 'ITEM_ID', 'EVENT_TYPE', 'TIMESTAMP', receivedColumn];

const indexIn = (layout: Layout, name: string): number => layout.findIndex((column) => column.name === name);

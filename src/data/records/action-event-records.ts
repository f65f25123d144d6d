import type { Input } from '../../contract/operations.ts';
import type { DatasetSchema } from '../dataset-schema.ts';
import { EventLines, refuseLarge, secondsOf } from './event-lines.ts';
import { impressionCell } from './impression.ts';
import type { Layout } from './layout.ts';

type ActionEvents = Input<'PutActionInteractions'>['actionInteractions'];

/** What users did with actions as records of one Action_Interactions dataset. Each names its own user and session. */
export class ActionEventRecords {
  readonly #lines: EventLines;

  constructor(schema: DatasetSchema) {
    this.#lines = new EventLines(schema, 'ACTION_INTERACTIONS');
  }

  get layout(): Layout {
    return this.#lines.layout;
  }

  /**
   * The lines of a call's events, in order.
   *
   * @param receivedAt milliseconds since the epoch
   * @throws ServiceError InvalidInputException for the first event that breaks a rule: a call is taken whole or not at
   *   all
   */
  encode(events: ActionEvents, receivedAt: number): string {
    let lines = '';
    for (const [index, event] of events.entries()) {
      lines += this.#line(event, `actionInteractions.${index + 1}.member`, receivedAt);
    }
    return lines;
  }

  #line(event: ActionEvents[number], path: string, receivedAt: number): string {
    const { sessionId, userId = '', actionId, eventType, eventId = '', recommendationId = '' } = event;
    const impression = impressionCell(event.impression ?? []);
    const texts = [sessionId, userId, actionId, eventType, eventId, recommendationId, impression, event.properties];
    refuseLarge(event, texts, path);
    const properties = this.#lines.properties(event.properties, path);
    const time = String(secondsOf(event.timestamp, `${path}.timestamp`));
    const members = [sessionId, eventId, String(receivedAt)];
    const reserved = [userId, actionId, eventType, time, impression, recommendationId];
    return this.#lines.line([...members, ...reserved], properties, path);
  }
}

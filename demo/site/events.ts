import {
  PutActionInteractionsCommand,
  type PutActionInteractionsCommandInput,
  PutEventsCommand,
  type PutEventsCommandInput,
} from '@aws-sdk/client-personalize-events';
import type { Service } from '../set-up/service.ts';
import type { Demo } from '../set-up/set-up.ts';
import type { ActionReport, Call, Calls, EventReport } from './messages.ts';

/** The most that one call of PutEvents takes. */
const eventsACall = 10;

/** Tells the service what a visitor has done; both dataset groups, where a demo has two. */
export async function putEvents(service: Service, { resources }: Demo, report: EventReport): Promise<Calls> {
  const trackers = [resources.trackingId, ...(resources.actions ? [resources.actions.trackingId] : [])];
  const calls: Call[] = [];
  for (let from = 0; from < report.itemIds.length; from += eventsACall) {
    const part = report.itemIds.slice(from, from + eventsACall);
    const sent = trackers.map((trackingId) => putPart(service, trackingId, report, part));
    calls.push(...(await Promise.all(sent)));
  }
  return { calls };
}

async function putPart(
  { events }: Service,
  trackingId: string,
  { userId, sessionId, type, recommendationId }: EventReport,
  itemIds: readonly string[],
): Promise<Call> {
  const input: PutEventsCommandInput = {
    trackingId,
    sessionId,
    ...(userId === undefined ? {} : { userId }),
    eventList: itemIds.map((itemId) => ({
      eventType: type,
      itemId,
      sentAt: new Date(),
      ...(recommendationId === undefined ? {} : { recommendationId }),
    })),
  };
  const started = performance.now();
  await events.send(new PutEventsCommand(input));
  return { operation: 'PutEvents', input, milliseconds: performance.now() - started, answer: 'on disk' };
}

/** Tells what the visitor made of an action. */
export async function putActionInteraction(
  { events }: Service,
  { resources }: Demo,
  report: ActionReport,
): Promise<Calls> {
  if (resources.actions === undefined) return { calls: [] };
  const { actionId, type, userId, sessionId, recommendationId } = report;
  const input: PutActionInteractionsCommandInput = {
    trackingId: resources.actions.actionTrackingId,
    actionInteractions: [
      {
        ...{ actionId, eventType: type, sessionId, timestamp: new Date() },
        ...(userId === undefined ? {} : { userId }),
        ...(recommendationId === undefined ? {} : { recommendationId }),
      },
    ],
  };
  const started = performance.now();
  await events.send(new PutActionInteractionsCommand(input));
  const milliseconds = performance.now() - started;
  return { calls: [{ operation: 'PutActionInteractions', input, milliseconds, answer: 'on disk' }] };
}

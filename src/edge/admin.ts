import type { FastifyInstance } from 'fastify';
import { invalidInput } from '../contract/errors.ts';
import type { Inspect } from '../control/event-inspection.ts';

/** The path of what is no part of AWS's API: for people, on the machine of the server. */
export const eventsPath = '/admin/events';

const defaultLimit = 20;
const largestLimit = 1000;

/** Answers `GET /admin/events?trackingId=…&userId=…&limit=…`: the last events of a tracker or a user, and what became of each. */
export function answerAdmin(app: FastifyInstance, inspectEvents: Inspect): void {
  app.get<{ Querystring: Partial<Record<string, string>> }>(eventsPath, async ({ query }) => {
    const { trackingId, userId, limit = String(defaultLimit) } = query;
    const count = Number(limit);
    if (!/^\d+$/.test(limit) || count < 1 || count > largestLimit) {
      throw invalidInput(`limit must be a whole number from 1 to ${largestLimit}.`);
    }
    return await inspectEvents({ trackingId, userId, limit: count });
  });
}

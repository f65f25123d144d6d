import type { FastifyInstance } from 'fastify';
import { invalidInput } from '../contract/errors.ts';
import type { Inspect } from '../control/datasets/event-inspection.ts';
import type { InspectImports } from '../control/datasets/import-inspection.ts';

/** Paths that are no part of AWS's API: for people, on the machine of the server. */
export const eventsPath = '/admin/events';
export const importsPath = '/admin/imports';

const defaultLimit = 20;
const largestLimit = 1000;

export type Inspections = { readonly inspectEvents: Inspect; readonly inspectImports: InspectImports };

/**
 * Answers `GET /admin/events?trackingId=…&userId=…&limit=…`, the last events and what became of each, and
 * `GET /admin/imports?job=…&dataset=…&limit=…`, the newest import jobs and what was wrong with their rows.
 */
export function answerAdmin(app: FastifyInstance, { inspectEvents, inspectImports }: Inspections): void {
  app.get<Asked>(eventsPath, async ({ query }) => {
    const { trackingId, userId, limit } = textsOf(query);
    return await inspectEvents({ trackingId, userId, limit: countOf(limit) });
  });
  app.get<Asked>(importsPath, async ({ query }) => {
    const { job, dataset, limit } = textsOf(query);
    return await inspectImports({ job, dataset, limit: countOf(limit) });
  });
}

/** A parameter that is given more than once is a list. */
type Asked = { readonly Querystring: Readonly<Partial<Record<string, string | readonly string[]>>> };

/** @throws ServiceError InvalidInputException for a parameter that is given more than once */
function textsOf(query: Asked['Querystring']): Partial<Record<string, string>> {
  const texts = Object.entries(query).map(([name, value]) => {
    if (typeof value === 'string') return [name, value];
    throw invalidInput(`${name} may be given once.`);
  });
  return Object.fromEntries(texts);
}

/** @throws ServiceError InvalidInputException */
function countOf(limit = String(defaultLimit)): number {
  const count = Number(limit);
  if (/^\d+$/.test(limit) && count >= 1 && count <= largestLimit) return count;
  throw invalidInput(`limit must be a whole number from 1 to ${largestLimit}.`);
}

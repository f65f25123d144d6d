import type { FastifyInstance } from 'fastify';
import { invalidInput } from '../contract/errors.ts';
import type { InspectImports } from '../control/import-inspection.ts';

export const importsPath = '/admin/imports';

const defaultLimit = 20;
const largestLimit = 1000;

/** Answers `GET /admin/imports?job=…&dataset=…&limit=…`: the newest import jobs, and what was wrong with their rows. */
export function answerImports(app: FastifyInstance, inspectImports: InspectImports): void {
  app.get<{ Querystring: Partial<Record<string, string | string[]>> }>(importsPath, async ({ query }) => {
    const { job, dataset, limit = String(defaultLimit) } = query;
    if (Array.isArray(job) || Array.isArray(dataset) || Array.isArray(limit)) {
      throw invalidInput('job, dataset and limit may each be given once.');
    }
    const count = Number(limit);
    if (!/^\d+$/.test(limit) || count < 1 || count > largestLimit) {
      throw invalidInput(`limit must be a whole number from 1 to ${largestLimit}.`);
    }
    return await inspectImports({ job, dataset, limit: count });
  });
}

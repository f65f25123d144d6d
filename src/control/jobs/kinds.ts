import type { KindService } from '../family.ts';
import type { JobKind } from './job.ts';

/** The jobs of all kinds of resources, by their names. */
export function jobKinds(services: readonly KindService[]): Readonly<Record<string, JobKind>> {
  const jobs = services.flatMap(({ kind, jobs: handlers }) =>
    Object.entries(kind.jobs ?? {}).map(([name, { pool }]) => {
      const handler = handlers[name];
      if (!handler) throw new Error(`The job ${name} has no handler.`);
      return [name, { ...handler, pool }] as const;
    }),
  );
  return Object.fromEntries(jobs);
}

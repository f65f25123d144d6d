import { changeResource } from '../resource-store.ts';
import type { JobKind } from './job.ts';
import { subjectOf } from './subject.ts';

type PlainKind = 'dataset-group' | 'dataset' | 'event-tracker' | 'solution';

/** Creation of a resource that is nothing but its settings: it goes through the states that clients wait for. */
export function creationOf(kind: PlainKind): JobKind {
  return {
    lane: 'quick',
    async run(job) {
      await job.change(async (change) => {
        await changeResource<PlainKind>(change, await subjectOf(change, kind, job), { status: 'CREATE IN_PROGRESS' });
      });
      return {
        async commit(change) {
          await changeResource<PlainKind>(change, await subjectOf(change, kind, job), { status: 'ACTIVE' });
        },
      };
    },
    async fail(change, job, failureReason) {
      const resource = await subjectOf(change, kind, job);
      await changeResource<PlainKind>(change, resource, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}

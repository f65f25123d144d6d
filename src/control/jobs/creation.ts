import type { Change } from '../change.ts';
import type { Resource } from '../resource.ts';
import { changeResource } from '../resource-store.ts';
import type { JobKind } from './job.ts';
import { subjectOf } from './subject.ts';

type PlainKind = 'dataset-group' | 'dataset' | 'event-tracker' | 'solution';

/**
 * Creation of a resource that is nothing but its settings: it goes through the states that clients wait for.
 *
 * @param created what begins with it, in the same transaction
 */
export function creationOf<K extends PlainKind>(
  kind: K,
  created: (change: Change, resource: Resource<K>) => Promise<void> = async () => {},
): JobKind {
  return {
    lane: 'quick',
    async run(job) {
      await job.change(async (change) => {
        await changeResource<PlainKind>(change, await subjectOf(change, kind, job), { status: 'CREATE IN_PROGRESS' });
      });
      return {
        async commit(change) {
          const resource = await subjectOf(change, kind, job);
          await changeResource<PlainKind>(change, resource, { status: 'ACTIVE' });
          await created(change, resource);
        },
      };
    },
    async fail(change, job, failureReason) {
      const resource = await subjectOf(change, kind, job);
      await changeResource<PlainKind>(change, resource, { status: 'CREATE FAILED', document: { failureReason } });
    },
  };
}

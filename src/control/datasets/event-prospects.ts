import { knownIds } from '../../data/engine/known-ids.ts';
import type { ExplainedEvent } from '../../data/records/latest-events.ts';
import type { EventOutcome } from '../../data/records/streamed-events.ts';
import { meetsOneOf } from '../../data/views/live/event-condition.ts';
import { localItems } from '../../learn/model/stored-model.ts';
import type { Context } from '../context.ts';

/**
 * Says why the next answer will not follow an event that is kept for it; undefined where it will, or where the event is
 * not kept.
 */
export type ObstacleCheck = (event: ExplainedEvent) => string | undefined;

const kept: readonly EventOutcome[] = ['counted', 'anonymous'];

/** What keeps a deployment's answers from following some of these events. */
export async function obstacleOf(
  { answers, store }: Pick<Context, 'answers' | 'store'>,
  ownerArn: string,
  events: readonly ExplainedEvent[],
  temporaryFolder: string,
): Promise<ObstacleCheck> {
  const { deployment, source } = (await answers.deployments.find(ownerArn)) ?? {};
  if (!deployment || !source) return () => undefined;
  await using items = await localItems(store, deployment.model);
  const ids = new Set(events.flatMap(({ itemId }) => itemId ?? []));
  const isKnown = await knownIds({ file: items, ids, temporaryFolder });
  const isTaken = meetsOneOf(source.events);
  return ({ outcome, eventType, eventValue, itemId }) => {
    if (!kept.includes(outcome)) return undefined;
    if (!isTaken(eventType, eventValue ?? Number.NaN)) {
      return `kept, and ignored by ${ownerArn}, which does not train on events of this type and value`;
    }
    if (itemId !== null && isKnown.has(itemId)) return undefined;
    return `kept: the model of ${ownerArn} does not know the item; the event counts once one of its next models does`;
  };
}

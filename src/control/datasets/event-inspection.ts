import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { actionEventType } from '../../data/records/action-event-types.ts';
import { type ExplainedEvent, type LatestEvents, latestEvents } from '../../data/records/latest-events.ts';
import { pinDataset } from '../../data/records/pinned-dataset.ts';
import { eventOutcomes } from '../../data/records/streamed-events.ts';
import { Mutex } from '../../util/mutex.ts';
import type { Context } from '../context.ts';
import { shownOwners } from '../deployments/deployment-owner.ts';
import type { LastAnswer } from '../deployments/last-answers.ts';
import type { HandlersOf } from '../handler.ts';
import { allResources } from '../resources/resource-store.ts';
import { type Dataset, datasetKind, schemaOf } from './dataset-kind.ts';
import { obstacleOf } from './event-prospects.ts';
import { datasetOfTracker, type EventTracker, eventTrackerKind } from './event-tracker-kind.ts';
import { isKnownUser } from './known-users.ts';

/** How many events are shown unless the caller says. */
const defaultLimit = 20;

/**
 * Explains the last events of a tracker, or of a user, to a person: each with what became of it. The service answers
 * 200 for events that it then drops silently; here is the reason.
 */
export function eventInspectionHandlers(context: Context): HandlersOf<'ListEvents'> {
  const oneAtATime = new Mutex();
  return {
    ListEvents: async (input, { account }) => {
      const tracker = await trackerOf(context, input.trackingId, account);
      return await oneAtATime.run(async () => {
        const folder = join(context.workFolder, `inspection-${randomUUID()}`);
        try {
          return await inspect(context, tracker, input, folder);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      });
    },
  };
}

async function inspect(
  context: Context,
  { dataset, ...tracker }: Inspected,
  { userId, limit = defaultLimit }: Input<'ListEvents'>,
  folder: string,
) {
  const { userId: person, events } = dataset
    ? await eventsOf(context, dataset, { userId, limit, folder })
    : { userId, events: [] };
  const lastAnswer = dataset && person !== undefined ? await lastAnswerOf(context, dataset.arn, person) : undefined;
  const obstacle = lastAnswer && (await obstacleOf(context, lastAnswer.ownerArn, events, folder));
  return {
    ...tracker,
    datasetArn: dataset?.arn,
    events: events.map((event) => ({ ...event, why: obstacle?.(event) ?? whyOf(event) })),
    lastAnswer: lastAnswer && shownAnswer(lastAnswer),
  };
}

/** What has a tracking id: an event tracker, or an Action_Interactions dataset. */
type Inspected = {
  readonly eventTrackerArn?: string;
  readonly trackingId: string;
  readonly dataset: Dataset | undefined;
};

function whyOf({ outcome, actionId, eventType }: ExplainedEvent): string {
  if (actionId === undefined || outcome !== 'counted') return eventOutcomes[outcome];
  return actionEventType(eventType) === undefined
    ? 'kept, and ignored: of interactions with actions, only Taken, Not Taken and Viewed train'
    : 'counts: for the next answer of aws-next-best-action, and from the next training on';
}

const shownAnswer = ({ ownerArn, modelOwnerArn, ...answer }: LastAnswer) => ({
  ...answer,
  ...shownOwners(ownerArn, modelOwnerArn),
});

/** Not an answer of a deployment that is gone, or that is another of its name by now. */
async function lastAnswerOf({ answers }: Context, datasetArn: string, person: string) {
  const last = await answers.last.of(datasetArn, person);
  const entry = last && (await answers.deployments.find(last.ownerArn));
  return entry && entry.createdAt <= last.answeredAt ? last : undefined;
}

async function eventsOf(
  context: Context,
  dataset: Dataset,
  { userId, limit, folder }: { readonly userId: string | undefined; readonly limit: number; readonly folder: string },
): Promise<LatestEvents> {
  const { database, store } = context;
  const { signal } = new AbortController();
  const schema = await schemaOf(database, dataset);
  const { log: records } = context.records;
  const pinned = await pinDataset({
    database,
    store,
    records,
    datasetArn: dataset.arn,
    rows: 'streamed',
    folder,
    signal,
  });
  const temporaryFolder = join(folder, 'spilled');
  const isUserOfModel = (id: string) => isKnownUser(context, dataset.arn, id, temporaryFolder);
  const type = dataset.document.trackingId === undefined ? 'INTERACTIONS' : 'ACTION_INTERACTIONS';
  return await latestEvents({
    files: pinned.files,
    schema,
    type,
    userId,
    isUserOfModel,
    limit,
    temporaryFolder,
    signal,
  });
}

/** @throws ServiceError InvalidInputException if it is not clear which tracker of the account is meant */
async function trackerOf({ database }: Context, trackingId: string | undefined, account: string): Promise<Inspected> {
  const trackers = (await allResources(database, [eventTrackerKind])).filter((one) => one.account === account);
  const [tracker, another] = trackers.filter(
    ({ document }) => trackingId === undefined || document.trackingId === trackingId,
  );
  if (tracker && !another) {
    const dataset = await datasetOfTracker(database, tracker);
    return { eventTrackerArn: tracker.arn, trackingId: tracker.document.trackingId, dataset };
  }
  const datasets = (await allResources(database, [datasetKind])).filter((one) => one.account === account);
  const ofActions = datasets.filter(({ document }) => document.trackingId !== undefined);
  const dataset = ofActions.find(({ document }) => document.trackingId === trackingId);
  if (trackingId && dataset) return { trackingId, dataset };
  const known = named(trackers) || 'none';
  const knownOfActions = ofActions.length > 0 ? ` Action_Interactions datasets: ${named(ofActions)}.` : '';
  const problem =
    trackingId === undefined ? 'A trackingId must be given' : `There is no event tracker with trackingId ${trackingId}`;
  throw invalidInput(`${problem}. Event trackers: ${known}.${knownOfActions}`);
}

const named = (trackers: readonly (EventTracker | Dataset)[]): string =>
  trackers.map(({ name, document }) => `${document.trackingId} (${name})`).join(', ');

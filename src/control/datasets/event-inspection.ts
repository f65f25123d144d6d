import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { invalidInput } from '../../contract/errors.ts';
import type { Input } from '../../contract/operations.ts';
import { type LatestEvents, latestEvents } from '../../data/records/latest-events.ts';
import { pinDataset } from '../../data/records/pinned-dataset.ts';
import { eventOutcomes } from '../../data/records/streamed-events.ts';
import { Mutex } from '../../util/mutex.ts';
import type { Context } from '../context.ts';
import type { LastAnswer } from '../deployments/last-answers.ts';
import type { HandlersOf } from '../handler.ts';
import { findResource } from '../resources/resource-store.ts';
import type { Dataset } from './dataset-kind.ts';
import { schemaOf } from './dataset-kind.ts';
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
  tracker: EventTracker,
  { userId, limit = defaultLimit }: Input<'ListEvents'>,
  folder: string,
) {
  const dataset = await datasetOfTracker(context.database, tracker);
  const { userId: person, events } = dataset
    ? await eventsOf(context, dataset, { userId, limit, folder })
    : { userId, events: [] };
  const lastAnswer = dataset && person !== undefined ? await lastAnswerOf(context, dataset.arn, person) : undefined;
  const obstacle = lastAnswer && (await obstacleOf(context, lastAnswer.ownerArn, events, folder));
  return {
    eventTrackerArn: tracker.arn,
    trackingId: tracker.document.trackingId,
    events: events.map((event) => ({ ...event, why: obstacle?.(event) ?? eventOutcomes[event.outcome] })),
    lastAnswer: lastAnswer && shownAnswer(lastAnswer),
  };
}

const shownAnswer = ({ ownerArn, modelOwnerArn, ...answer }: LastAnswer) => ({
  ...answer,
  campaignArn: ownerArn,
  solutionVersionArn: modelOwnerArn,
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
  return await latestEvents({ files: pinned.files, schema, userId, isUserOfModel, limit, temporaryFolder, signal });
}

/** @throws ServiceError InvalidInputException if it is not clear which event tracker of the account is meant */
async function trackerOf(
  { database }: Context,
  trackingId: string | undefined,
  account: string,
): Promise<EventTracker> {
  const rows = await database
    .selectFrom('resources')
    .select('arn')
    .where('kind', '=', eventTrackerKind.name)
    .where('account', '=', account)
    .execute();
  const found = await Promise.all(rows.map(({ arn }) => findResource(database, eventTrackerKind, arn)));
  const trackers = found.filter((tracker) => tracker !== undefined);
  const [tracker, another] = trackers.filter(
    ({ document }) => trackingId === undefined || document.trackingId === trackingId,
  );
  if (tracker && !another) return tracker;
  const known = trackers.map(({ name, document }) => `${document.trackingId} (${name})`).join(', ') || 'none';
  const problem =
    trackingId === undefined ? 'A trackingId must be given' : `There is no event tracker with trackingId ${trackingId}`;
  throw invalidInput(`${problem}. Event trackers: ${known}.`);
}

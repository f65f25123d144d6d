import { type Histories, lengthOf, userCount } from '../histories.ts';
import { TrainingError } from '../training.ts';
import { type Counts, hasColumn, type TrainingData } from './plan.ts';

/** The service's quotas for training (spec quotas.md, training.md §2). */
const fewestInteractions = 1000;
const fewestUsersWithTwo = 25;
const leastShareWithTwo = 0.01;
const mostTypesAndColumns = 10;

/** Columns of Interactions that the service itself gives a meaning (spec datasets.md §2.3): the others are optional ones. */
const reservedColumns = [
  'USER_ID',
  'ITEM_ID',
  'TIMESTAMP',
  'EVENT_TYPE',
  'EVENT_VALUE',
  'IMPRESSION',
  'RECOMMENDATION_ID',
  'EVENT_ATTRIBUTION_SOURCE',
];

/** @throws TrainingError if the request filters by a column that the interactions lack, or there are no files */
export function checkColumns({ interactions, eventType, eventValueThreshold }: TrainingData): void {
  if (interactions.files.length === 0) throw tooFewInteractions(eventType);
  if (eventType !== undefined) needColumn(interactions, 'EVENT_TYPE', `eventType "${eventType}"`);
  if (eventValueThreshold !== undefined) {
    needColumn(interactions, 'EVENT_VALUE', `eventValueThreshold ${eventValueThreshold}`);
  }
}

function needColumn(interactions: TrainingData['interactions'], column: string, reason: string): void {
  if (hasColumn(interactions, column)) return;
  throw new TrainingError(
    `Create failed. The solution has ${reason}, but the schema of the interactions has no ${column} column. Add the column, or create a solution without it.`,
  );
}

/** @throws TrainingError if event types and optional columns are more than the service takes */
export function checkVariety({ interactions }: TrainingData, { eventTypes }: Counts): void {
  const columns = interactions.schema.fields.filter(({ name }) => !reservedColumns.includes(name)).length;
  if (eventTypes + columns <= mostTypesAndColumns) return;
  throw new TrainingError(
    `Create failed. The interactions have ${eventTypes} distinct event types and ${columns} optional columns; together they can be at most ${mostTypesAndColumns}.`,
  );
}

/** @throws TrainingError with the service's wording, where it is known, if too little is left to learn from */
export function checkMinimumData(histories: Histories, { eventType }: TrainingData): void {
  if (histories.items.length < fewestInteractions) throw tooFewInteractions(eventType);
  const users = userCount(histories);
  let withTwo = 0;
  for (let user = 0; user < users; user++) if (lengthOf(histories, user) >= 2) withTwo++;
  if (withTwo < fewestUsersWithTwo) {
    throw new TrainingError(
      `Create failed. Dataset has fewer than ${fewestUsersWithTwo} users with at least 2 interactions each.`,
    );
  }
  if (withTwo < leastShareWithTwo * users) {
    throw new TrainingError(
      `Create failed. Fewer than 1% of the users in the dataset have at least 2 interactions: ${withTwo} of ${users}.`,
    );
  }
}

const tooFewInteractions = (eventType?: string) =>
  new TrainingError(
    eventType === undefined
      ? `Create failed. Dataset has fewer than ${fewestInteractions} interactions.`
      : `Dataset has fewer than ${fewestInteractions} interactions after filtering by event type: ${eventType}`,
  );

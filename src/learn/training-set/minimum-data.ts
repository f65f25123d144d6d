import { type Histories, interactionCount, lengthOf, userCount } from '../histories.ts';
import { TrainingError } from '../training.ts';
import { type Counts, hasColumn, type TrainingData } from './plan.ts';

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
export function checkColumns(data: TrainingData): void {
  const { interactions } = data;
  if (interactions.files.length === 0) throw tooFewInteractions(data);
  for (const { eventType, eventValueThreshold } of data.events ?? [data]) {
    if (eventType !== undefined) needColumn(interactions, 'EVENT_TYPE', `eventType "${eventType}"`);
    if (eventValueThreshold !== undefined) {
      needColumn(interactions, 'EVENT_VALUE', `eventValueThreshold ${eventValueThreshold}`);
    }
  }
}

function needColumn(interactions: TrainingData['interactions'], column: string, reason: string): void {
  if (hasColumn(interactions, column)) return;
  throw new TrainingError(
    `Create failed. The solution has ${reason}, but the schema of the interactions has no ${column} column. Add the column, or create a solution without it.`,
  );
}

/** @throws TrainingError if event types and optional columns are more than the limit */
export function checkVariety({ interactions, limits }: TrainingData, { eventTypes }: Counts): void {
  const columns = interactions.schema.fields.filter(({ name }) => !reservedColumns.includes(name)).length;
  const most = limits.eventTypesAndColumnsToTrain;
  if (eventTypes + columns <= most) return;
  throw new TrainingError(
    `Create failed. The interactions have ${eventTypes} distinct event types and ${columns} optional columns; together they can be at most ${most}.`,
  );
}

/** @throws TrainingError with the service's wording, where it is known, if too little is left to learn from */
export function checkMinimumData(histories: Histories, data: TrainingData): void {
  const { interactionsToTrain, usersWithTwoInteractionsToTrain, percentOfUsersWithTwoInteractionsToTrain } =
    data.limits;
  if (interactionCount(histories) < interactionsToTrain) throw tooFewInteractions(data);
  const users = userCount(histories);
  let withTwo = 0;
  for (let user = 0; user < users; user++) if (lengthOf(histories, user) >= 2) withTwo++;
  if (withTwo < usersWithTwoInteractionsToTrain) {
    throw new TrainingError(
      `Create failed. Dataset has fewer than ${usersWithTwoInteractionsToTrain} users with at least 2 interactions each.`,
    );
  }
  if (100 * withTwo < percentOfUsersWithTwoInteractionsToTrain * users) {
    throw new TrainingError(
      `Create failed. Fewer than ${percentOfUsersWithTwoInteractionsToTrain}% of the users in the dataset have at least 2 interactions: ${withTwo} of ${users}.`,
    );
  }
}

function tooFewInteractions({ eventType, events, limits }: TrainingData): TrainingError {
  const types = events?.map((wanted) => wanted.eventType).join(', ') ?? eventType;
  return new TrainingError(
    types === undefined
      ? `Create failed. Dataset has fewer than ${limits.interactionsToTrain} interactions.`
      : `Dataset has fewer than ${limits.interactionsToTrain} interactions after filtering by event type: ${types}`,
  );
}

import type { DuckDb } from '../../data/engine/duckdb.ts';
import { ofEventType } from '../histories/event-types.ts';
import { type Histories, interactionCount, lengthOf, userCount } from '../histories/histories.ts';
import { TrainingError } from '../training/training.ts';
import { hasColumn, type InteractionData, type SetSizes } from './plan.ts';
import { typesThatTrain, wantedTypes, whereInteractionsWent } from './shortage.ts';

/**
 * Columns of Interactions that the service itself gives a meaning (spec datasets.md §2.3): the others are optional
 * ones.
 */
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

/**
 * @param isRequired whether there must be interactions
 * @throws TrainingError if the request filters by a column that the interactions lack, or there are none
 */
export function checkColumns(data: InteractionData, isRequired: boolean): void {
  const { interactions, limits } = data;
  if (interactions.files.length === 0) {
    if (!isRequired) return;
    throw new TrainingError(`${tooFew(data)} It has none: import at least ${limits.interactionsToTrain}.`);
  }
  for (const { eventType, eventValueThreshold } of data.events ?? [data]) {
    if (eventType !== undefined) needColumn(interactions, 'EVENT_TYPE', `eventType "${eventType}"`);
    if (eventValueThreshold !== undefined) {
      needColumn(interactions, 'EVENT_VALUE', `eventValueThreshold ${eventValueThreshold}`);
    }
  }
}

function needColumn(interactions: InteractionData['interactions'], column: string, reason: string): void {
  if (hasColumn(interactions, column)) return;
  throw new TrainingError(
    `Create failed. The solution has ${reason}, but the schema of the interactions has no ${column} column. Add the column, or create a solution without it.`,
  );
}

/** @throws TrainingError if event types and optional columns that train are more than the limit */
export async function checkVariety(
  duckDb: DuckDb,
  { interactions, limits }: InteractionData,
  { eventTypes }: SetSizes,
): Promise<void> {
  const columns = interactions.schema.fields.filter(({ name }) => !reservedColumns.includes(name)).length;
  const most = limits.eventTypesAndColumnsToTrain;
  if (eventTypes + columns <= most) return;
  const ways = [
    'Name the one that is to train as eventType of a solution, or those that are as eventsConfig (v2 recipes).',
    ...(columns > 0 ? ['Leave out optional columns with trainingDataConfig.'] : []),
    `Or start the server with --quota eventTypesAndColumnsToTrain=${eventTypes + columns}.`,
    'A FULL import takes the place of what was imported, not of events that were sent; deleting the dataset removes both.',
  ];
  throw new TrainingError(
    `Create failed. The interactions have ${eventTypes} distinct event types and ${columns} optional columns; together they can be at most ${most}. Event types and their interactions: ${await typesThatTrain(duckDb)}. ${ways.join(' ')}`,
  );
}

/**
 * @throws TrainingError with the service's wording, where it is known, and the cause if too little is left to learn
 *   from
 */
export async function checkMinimumData(
  duckDb: DuckDb,
  histories: Histories,
  data: InteractionData,
  counts: SetSizes,
): Promise<void> {
  const { interactionsToTrain, usersWithTwoInteractionsToTrain, percentOfUsersWithTwoInteractionsToTrain } =
    data.limits;
  const { takesOthers, eventType } = data;
  const left = interactionCount(takesOthers && eventType ? ofEventType(histories, eventType) : histories);
  const fail = async (sentence: string) =>
    new TrainingError(`${sentence} ${await whereInteractionsWent(duckDb, data, counts, left)}`);
  if (left < interactionsToTrain) throw await fail(tooFew(data));
  let [users, withTwo] = [0, 0];
  for (let user = 0; user < userCount(histories); user++) {
    if (lengthOf(histories, user) >= 1) users++;
    if (lengthOf(histories, user) >= 2) withTwo++;
  }
  if (withTwo < usersWithTwoInteractionsToTrain) {
    throw await fail(
      `Create failed. Dataset has fewer than ${usersWithTwoInteractionsToTrain} users with at least 2 interactions each. Of ${users} users, ${withTwo} have.`,
    );
  }
  if (100 * withTwo < percentOfUsersWithTwoInteractionsToTrain * users) {
    throw await fail(
      `Create failed. Fewer than ${percentOfUsersWithTwoInteractionsToTrain}% of the users in the dataset have at least 2 interactions: ${withTwo} of ${users}.`,
    );
  }
}

/** @throws TrainingError if there is no item, for a recipe that does without interactions */
export function checkItems({ items }: SetSizes): void {
  if (items === 0) throw new TrainingError('Create failed. The Items dataset has no items: import or send some.');
}

function tooFew(data: InteractionData): string {
  const types = wantedTypes(data).join(', ');
  return types === ''
    ? `Create failed. Dataset has fewer than ${data.limits.interactionsToTrain} interactions.`
    : `Dataset has fewer than ${data.limits.interactionsToTrain} interactions after filtering by event type: ${types}.`;
}

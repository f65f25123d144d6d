import type { DuckDb } from '../../data/engine/duckdb.ts';
import { parquetFiles } from '../../data/engine/parquet-files.ts';
import { isEventType } from '../../data/views/event-type-sql.ts';
import type { InteractionData, SetSizes } from './plan.ts';

/** Names of event types that are listed, and how much of each is shown. */
const mostNames = 20;
const longestName = 60;

/**
 * Says what became of the interactions of a dataset of which too few are left to train on: how many each rule took
 * away, and what helps.
 *
 * @param counts of those that the rules of the solution leave
 * @param left how many different ones these are
 */
export async function whereInteractionsWent(
  duckDb: DuckDb,
  data: InteractionData,
  counts: Pick<SetSizes, 'rows'>,
  left: number,
): Promise<string> {
  const wanted = wantedTypes(data);
  const source = parquetFiles(data.interactions.files);
  const total = await duckDb.count(`FROM ${source}`);
  const ofTypes =
    wanted.length === 0
      ? total
      : await duckDb.count(
          `FROM ${source} WHERE ${wanted.map((type) => isEventType(type, data.anyCase)).join(' OR ')}`,
        );
  const rows = data.takesOthers ? ofTypes : counts.rows;
  const { anyCase } = data;
  const isWanted = (type: string) => wanted.some((one) => one === type || (anyCase && isSameWord(one, type)));
  const types = ofTypes < total ? await countTypes(duckDb, source) : [];
  const { eventsLeftOut = 0 } = data.interactions;
  const reasons = [
    ...reason(total - ofTypes, `have another event type (${shown(types.filter(({ type }) => !isWanted(type)))})`),
    ...reason(ofTypes - rows, `have no EVENT_VALUE of at least ${thresholdOf(data)}`),
    ...reason(rows - left, 'repeat another one (same user, item, time and all else)'),
    ...reason(eventsLeftOut, 'were sent as events that count for no user or item (`openpersonalize events` says why)'),
  ];
  if (reasons.length === 0) return `It has ${left}. Import or send more.`;
  const choice = rows < total && !anyCase ? ', or create a solution that trains on more of them' : '';
  return `Of its ${total + eventsLeftOut} interactions, ${joined(reasons)}: ${left} are left. ${anyCase ? '' : otherCase(wanted, types)}Import or send more${choice}.`;
}

/** Event types of the interactions that train, with how many there are of each. */
export const typesThatTrain = async (duckDb: DuckDb): Promise<string> =>
  shown(await countTypes(duckDb, 'events', 'event_type'));

/** The event types that a solution asks for; none where it takes all. */
export const wantedTypes = ({ events, eventType }: InteractionData): readonly string[] =>
  events?.map((each) => each.eventType) ?? (eventType === undefined ? [] : [eventType]);

type TypeCount = { readonly type: string; readonly count: number };

async function countTypes(duckDb: DuckDb, source: string, column = 'EVENT_TYPE'): Promise<readonly TypeCount[]> {
  const rows = await duckDb.run(
    `SELECT coalesce(${column}, '') AS type, count(*) AS n FROM ${source} GROUP BY ALL ORDER BY n DESC, type`,
  );
  return rows.map(({ type, n }) => ({ type: String(type), count: Number(n) }));
}

/** Event types of another case are easily taken for those that are asked for. */
function otherCase(wanted: readonly string[], types: readonly TypeCount[]): string {
  const pairs = wanted.flatMap((type) => {
    const other = types.find((each) => each.type !== type && isSameWord(each.type, type));
    return other === undefined ? [] : [`${quoted(other.type)} is not ${quoted(type)}`];
  });
  return pairs.length === 0 ? '' : `Event types are told apart by case: ${joined(pairs)}. `;
}

const isSameWord = (one: string, other: string) => one.toLowerCase() === other.toLowerCase();

function thresholdOf({ events, eventValueThreshold }: InteractionData): string {
  if (events === undefined) return String(eventValueThreshold);
  const thresholds = events.flatMap((each) => each.eventValueThreshold ?? []);
  return new Set(thresholds).size === 1 ? String(thresholds[0]) : 'the threshold of their type';
}

const reason = (count: number, what: string) => (count > 0 ? [`${count} ${what}`] : []);

const joined = (parts: readonly string[]) =>
  parts.length < 2 ? parts.join() : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`;

const shown = (types: readonly TypeCount[]) => {
  const rest = types.length > mostNames ? `, and ${types.length - mostNames} more` : '';
  return `${types
    .slice(0, mostNames)
    .map(({ type, count }) => `${quoted(type)} ${count}`)
    .join(', ')}${rest}`;
};

const quoted = (type: string) => JSON.stringify(type.length > longestName ? `${type.slice(0, longestName)}…` : type);

import type { Inspection } from '../control/event-inspection.ts';
import type { LastAnswer } from '../control/last-answers.ts';
import { table } from '../terminal/table.ts';
import { eventsPath } from './admin.ts';

export type EventsOptions = {
  /** Where the server listens. */
  readonly endpoint: string;
  readonly tracker?: string | undefined;
  readonly user?: string | undefined;
  readonly limit: number;
};

/** Shows the last events of a tracker or of a user, and what became of each. @throws Error with a sentence for a person */
export async function showEvents(options: EventsOptions, output: NodeJS.WritableStream): Promise<void> {
  const { events, trackingId, eventTrackerArn, lastAnswer } = await ask(options);
  output.write(
    `\nEvents of ${options.user === undefined ? '' : `${options.user} by way of `}${eventTrackerArn} (${trackingId})\n\n`,
  );
  if (lastAnswer) output.write(`${describe(lastAnswer)}\n\n`);
  if (events.length === 0) return void output.write('  There are none yet.\n\n');
  const rows = events.map(({ receivedAt, sentAt, userId, sessionId, countsFor, eventType, itemId, why }) => [
    ...[
      timeOf(receivedAt),
      timeOf(sentAt * 1000),
      userId ?? (countsFor === null ? '–' : `– (${countsFor})`),
      sessionId,
    ],
    ...[eventType, itemId ?? '–', why],
  ]);
  output.write(`${table(columns, rows)}\n`);
}

function describe({ campaignArn, solutionVersionArn, answeredAt, kept, recent, newestEventAt }: LastAnswer): string {
  const newest = newestEventAt === undefined ? '' : `, the newest of ${timeOf(newestEventAt * 1000)}`;
  return `  Last answer at ${timeOf(answeredAt)} (UTC) by ${campaignArn},
  from ${kept} interactions that ${solutionVersionArn} was trained on and ${recent} events since${newest}.`;
}

const columns = [
  ...[
    { title: 'received (UTC)' },
    { title: 'sent (UTC)' },
    { title: 'user', limit: 24 },
    { title: 'session', limit: 16 },
  ],
  ...[{ title: 'type', limit: 16 }, { title: 'item', limit: 24 }, { title: 'what became of it' }],
];

async function ask({ endpoint, tracker, user, limit }: EventsOptions): Promise<Inspection> {
  const url = new URL(eventsPath, endpoint);
  const given = { trackingId: tracker, userId: user, limit: String(limit) };
  for (const [name, value] of Object.entries(given)) if (value !== undefined) url.searchParams.set(name, value);
  const answer = await fetch(url).catch((error: unknown) => {
    throw new Error(`No server answers at ${endpoint}: start it, or name another with --endpoint.`, { cause: error });
  });
  if (answer.ok) return (await answer.json()) as Inspection; // what the endpoint of the same release answers
  const problem: unknown = await answer.json().catch(() => undefined);
  const message = typeof problem === 'object' && problem !== null && 'message' in problem ? problem.message : undefined;
  throw new Error(typeof message === 'string' ? message : `The server at ${endpoint} answered ${answer.status}.`);
}

/** `2026-11-21 14:05:09`; a time that no calendar has as the number that it is. */
function timeOf(milliseconds: number): string {
  const date = new Date(milliseconds);
  if (Number.isNaN(date.getTime())) return String(milliseconds / 1000);
  return date.toISOString().slice(0, 19).replace('T', ' ');
}

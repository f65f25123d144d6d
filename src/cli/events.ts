import type { Output } from '../contract/operations.ts';
import { table } from '../terminal/table.ts';
import { askAdmin, timeOf } from './ask-admin.ts';
import type { EventsOptions } from './options/tool-options.ts';

/**
 * Shows the last events of a tracker or of a user, and what became of each. @throws Error with a sentence for a person
 */
export async function showEvents(options: EventsOptions, output: NodeJS.WritableStream): Promise<void> {
  const { user: userId, limit } = options;
  const answer = await askAdmin(options, 'ListEvents', { trackingId: options.tracker, userId, limit });
  const { events, trackingId, datasetArn, lastAnswer } = answer;
  const tracker = answer.eventTrackerArn ?? datasetArn;
  const user = userId === undefined ? '' : `${userId} by way of `;
  output.write(`\nEvents of ${user}${tracker} (${trackingId})\n\n`);
  if (lastAnswer) output.write(`${describe(lastAnswer)}\n\n`);
  if (events.length === 0) return void output.write('  There are none yet.\n\n');
  const rows = events.map(({ receivedAt, sentAt, userId, sessionId, countsFor, eventType, itemId, actionId, why }) => [
    ...[
      timeOf(receivedAt),
      timeOf(sentAt * 1000),
      userId ?? (countsFor === null ? '–' : `– (${countsFor})`),
      sessionId,
    ],
    ...[eventType, actionId ?? itemId ?? '–', why],
  ]);
  output.write(`${table(columns, rows)}\n`);
}

type LastAnswer = NonNullable<Output<'ListEvents'>['lastAnswer']>;

function describe(answer: LastAnswer): string {
  const { campaignArn, recommenderArn, solutionVersionArn, answeredAt, kept, recent, newestEventAt } = answer;
  const newest = newestEventAt === undefined ? '' : `, the newest of ${timeOf(newestEventAt * 1000)}`;
  return `  Last answer at ${timeOf(answeredAt)} (UTC) by ${campaignArn ?? recommenderArn},
  from ${kept} interactions that ${solutionVersionArn ?? 'its model'} was trained on and ${recent} events since${newest}.`;
}

const columns = [
  ...[
    { title: 'received (UTC)' },
    { title: 'sent (UTC)' },
    { title: 'user', limit: 24 },
    { title: 'session', limit: 16 },
  ],
  ...[{ title: 'type', limit: 16 }, { title: 'item or action', limit: 24 }, { title: 'what became of it' }],
];

import type {
  ActionAnswer,
  ActionReport,
  Calls,
  EventReport,
  RowAnswer,
  RowQuestion,
  Site,
  Visitor,
} from '../site/messages.ts';

async function ask<T>(path: string, question: object): Promise<T> {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(question),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error);
  return answer;
}

export const askSite = () => ask<Site>('/api/site', {});
export const askRow = (question: RowQuestion) => ask<RowAnswer>('/api/row', question);
export const askActions = (visitor: Visitor) => ask<ActionAnswer>('/api/actions', visitor);
export const report = (event: EventReport) => ask<Calls>('/api/events', event);
export const reportAction = (event: ActionReport) => ask<Calls>('/api/action-events', event);

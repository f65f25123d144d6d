import type { ActionReport, EventReport, RowQuestion, Visitor } from './messages.ts';

/** A body that is not what a page would send. */
export class BadQuestion extends Error {
  override name = 'BadQuestion';
}

type Body = Readonly<Record<string, unknown>>;

function bodyOf(value: unknown): Body {
  if (typeof value !== 'object' || value === null) throw new BadQuestion('The body is no JSON object.');
  return { ...value };
}

function text(body: Body, name: string): string {
  const value = body[name];
  if (typeof value !== 'string' || value === '') throw new BadQuestion(`${name} is missing.`);
  return value;
}

const optionalText = (body: Body, name: string) => (body[name] === undefined ? undefined : text(body, name));

export function visitorOf(value: unknown): Visitor {
  const body = bodyOf(value);
  return { userId: optionalText(body, 'userId'), sessionId: text(body, 'sessionId') };
}

export function rowQuestionOf(value: unknown): RowQuestion {
  const body = bodyOf(value);
  const { most } = body;
  return {
    ...visitorOf(body),
    row: text(body, 'row'),
    itemId: optionalText(body, 'itemId'),
    category: optionalText(body, 'category'),
    most: typeof most === 'number' ? most : undefined,
  };
}

export function eventReportOf(value: unknown): EventReport {
  const body = bodyOf(value);
  const { itemIds } = body;
  if (!Array.isArray(itemIds)) throw new BadQuestion('itemIds is no list.');
  const ids = itemIds.filter((id): id is string => typeof id === 'string');
  return {
    ...visitorOf(body),
    type: text(body, 'type'),
    itemIds: ids,
    recommendationId: optionalText(body, 'recommendationId'),
  };
}

export function actionReportOf(value: unknown): ActionReport {
  const body = bodyOf(value);
  const { type } = body;
  if (type !== 'TAKEN' && type !== 'NOT_TAKEN' && type !== 'VIEWED') throw new BadQuestion('type is unknown.');
  return {
    ...visitorOf(body),
    actionId: text(body, 'actionId'),
    type,
    recommendationId: optionalText(body, 'recommendationId'),
  };
}

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { bindFilter } from '../src/serve/filters/bind.ts';
import { readFilter } from '../src/serve/filters/checker.ts';
import { schema } from '../src/serve/filters/filters.fixture.ts';
import type { GroupSchemas } from '../src/serve/filters/schemas.ts';

/** The dataset group that the page describes. */
const schemas: GroupSchemas = {
  ITEMS: schema(
    'ITEM_ID string',
    'GENRE categorical',
    'PRICE float',
    'YEAR int',
    'TITLE string',
    'CREATION_TIMESTAMP long',
  ),
  USERS: schema('USER_ID string', 'TIER categorical', 'AGE int'),
  INTERACTIONS: schema('USER_ID string', 'ITEM_ID string', 'TIMESTAMP long', 'EVENT_TYPE string'),
  ACTIONS: schema('ACTION_ID string', 'KIND categorical', 'VALUE long'),
  ACTION_INTERACTIONS: schema('USER_ID string', 'ACTION_ID string', 'TIMESTAMP long', 'EVENT_TYPE string'),
};

const page = await readFile(join(import.meta.dirname, '../docs/filters.md'), 'utf8');
const blocks = [...page.matchAll(/```(\w+)\n(.*?)\n```/gs)].map(([, kind, text = '']) => ({ kind, text }));
const texts = (kind: string) => blocks.filter((block) => block.kind === kind).map(({ text }) => text);

const expressions = texts('filter').flatMap((text) => text.split('\n'));

test.each(expressions)('%s is a filter', (expression) => {
  expect(readFilter(expression, schemas).clauses).not.toEqual([]);
});

test.each(texts('wrong'))('the page says what is wrong with %s', (text) => {
  const [expression = '', ...message] = text.split('\n');
  expect(() => readFilter(expression, schemas)).toThrow(message.join(' '));
});

/** The expression that the Python example creates, a literal of several lines. */
const created = [...(/filterExpression=(.*?)\)\n/s.exec(texts('python').join())?.[1] ?? '').matchAll(/'(.*)'/g)]
  .map(([, part]) => part)
  .join('');

test.each(texts('json'))('%s are values for the filter at the top', (json) => {
  const [clause] = bindFilter(readFilter(created, schemas), JSON.parse(json)).clauses;
  const values = clause?.where.anyOf.flat().map(({ right }) => right);
  expect(values).toEqual([
    { kind: 'values', values: ['Comedy', 'Drama'] },
    { kind: 'values', values: ['20'] },
  ]);
});

test('the page has examples of each kind', () => {
  expect(expressions.length).toBeGreaterThan(10);
  expect(texts('wrong').length).toBeGreaterThan(2);
  expect(texts('json')).toHaveLength(1);
});

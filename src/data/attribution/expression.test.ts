import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Field } from '../dataset-schema.ts';
import { ExpressionError, parseExpression, summedColumn } from './expression.ts';

it('reads the three forms, in any case and with blanks', () => {
  const price = { math: 'sum', dataset: 'ITEMS', column: 'PRICE' };
  expect(parseExpression('SAMPLECOUNT()')).toEqual({ math: 'samplecount' });
  expect(parseExpression(' samplecount ( ) ')).toEqual({ math: 'samplecount' });
  expect(parseExpression('SUM(Items.PRICE)')).toEqual(price);
  expect(parseExpression('sum( ITEMS . PRICE )')).toEqual(price);
  expect(parseExpression('SUM(Interactions.EVENT_VALUE)')).toEqual({
    math: 'sum',
    dataset: 'INTERACTIONS',
    column: 'EVENT_VALUE',
  });
});

it.each([
  ['', 1, 'it ends', 'SUM or SAMPLECOUNT'],
  ['AVG(Items.PRICE)', 1, '"AVG"', 'SUM or SAMPLECOUNT'],
  ['SUM', 4, 'it ends', '"("'],
  ['SUM(Users.AGE)', 5, '"Users"', 'Interactions or Items'],
  ['SUM(Items,PRICE)', 10, '","', '"."'],
  ['SUM(Items.)', 11, '")"', 'the name of a column'],
  ['SUM(Items.PRICE', 16, 'it ends', '")"'],
  ['SAMPLECOUNT(Items)', 13, '"Items"', '")"'],
  ['SUM(Items.PRICE) * 2', 18, '"*"', 'nothing more'],
  ['SUM(Items.toString.x)', 19, '"."', '")"'],
  ['SUM(constructor.x)', 5, '"constructor"', 'Interactions or Items'],
])('says where %j is wrong', (text, at, found, wanted) => {
  expect(() => parseExpression(text)).toThrow(
    new RegExp(`^at character ${at} .*${found.replace(/[.*+?^${}()|]/g, '\\$&')} and should be .*`),
  );
  expect(() => parseExpression(text)).toThrow(wanted);
});

it('reads what it takes, and refuses the rest with a place in it', () => {
  const near = fc.array(fc.constantFrom('SUM', 'SAMPLECOUNT', '(', ')', '.', 'Items', 'X', ' ', 'Interactions', '%'));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        near.map((words) => words.join('')),
      ),
      (text) => {
        try {
          const read = parseExpression(text);
          const again = read.math === 'sum' ? `SUM(${read.dataset}.${read.column})` : 'SAMPLECOUNT()';
          expect(text.replace(/\s/g, '').toUpperCase()).toBe(again.toUpperCase());
        } catch (error) {
          if (!(error instanceof ExpressionError)) throw error;
          const at = Number(/^at character (\d+)/.exec(error.message)?.[1]);
          expect(at >= 1 && at <= text.length + 1).toBe(true);
        }
      },
    ),
  );
});

it('finds the column in the schema and wants numbers', () => {
  const field = (name: string, type: Field['type']) => ({
    name,
    type,
    nullable: true,
    categorical: false,
    textual: false,
  });
  const fields = [field('PRICE', 'float'), field('price', 'int'), field('GENRE', 'string'), field('SOLD', 'boolean')];
  const schema = { fields };
  const column = (name: string) => summedColumn({ math: 'sum', dataset: 'ITEMS', column: name }, schema);
  expect([column('PRICE'), column('price'), column('Price')]).toEqual(['PRICE', 'price', 'PRICE']);
  expect(() => column('GENRE')).toThrow('column GENRE of the Items dataset is of type string');
  expect(() => column('SOLD')).toThrow('type boolean');
  expect(() => column('MISSING')).toThrow('has no column MISSING');
  expect(() => summedColumn({ math: 'sum', dataset: 'ITEMS', column: 'PRICE' }, undefined)).toThrow('no Items dataset');
});

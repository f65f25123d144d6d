import { expect, it } from 'vitest';
import type { Field } from '../../data/dataset-schema.ts';
import type { FieldType } from '../../data/dataset-types.ts';
import { type DatasetColumns, type TrainingDataConfig, withTrainedColumns } from './training-columns.ts';

const field = (name: string, type: FieldType = 'string'): Field => ({
  name,
  type,
  nullable: false,
  categorical: false,
  textual: false,
});
const dataset = (...names: string[]) => ({
  schema: { fields: names.map((name) => field(name)) },
  files: ['a.parquet'],
});
const inputs = {
  interactions: dataset('USER_ID', 'ITEM_ID', 'TIMESTAMP', 'EVENT_TYPE', 'EVENT_VALUE', 'DEVICE', 'HOUR'),
  items: dataset('ITEM_ID', 'GENRE', 'PRICE'),
  users: undefined,
};
const names = (trainingDataConfig: TrainingDataConfig, datasetColumns?: DatasetColumns) => {
  const choice = { trainingDataConfig, datasetColumns };
  const { interactions, items } = withTrainedColumns(inputs, choice);
  return [interactions, items].map((each) => each?.schema.fields.map(({ name }) => name).join(' '));
};

it('trains on every column unless told otherwise', () => {
  expect(withTrainedColumns(inputs, {})).toEqual(inputs);
  const trainingDataConfig = { excludedDatasetColumns: {} };
  expect(withTrainedColumns(inputs, { trainingDataConfig })).toEqual(inputs);
});

it('leaves out what is excluded', () => {
  expect(names({ excludedDatasetColumns: { Interactions: ['DEVICE'], ITEMS: ['PRICE'] } })).toEqual([
    'USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE HOUR',
    'ITEM_ID GENRE',
  ]);
});

it('leaves out what a later schema has added, also where others are excluded', () => {
  expect(names({ excludedDatasetColumns: { Interactions: ['DEVICE'] } }, { ITEMS: ['ITEM_ID', 'GENRE'] })).toEqual([
    'USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE HOUR',
    'ITEM_ID GENRE',
  ]);
});

it('keeps what is included, and what a training needs', () => {
  expect(names({ includedDatasetColumns: { interactions: ['HOUR'], Items: ['GENRE', 'COLOUR'] } })).toEqual([
    'USER_ID ITEM_ID TIMESTAMP EVENT_TYPE EVENT_VALUE HOUR',
    'ITEM_ID GENRE',
  ]);
});

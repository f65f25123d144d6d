import { expect, it } from 'vitest';
import { datasetsToRead } from './training-inputs.ts';

const group = (...types: string[]) => types.map((datasetType) => ({ document: { datasetType } }));
const [interactions, items] = group('INTERACTIONS', 'ITEMS');

it('finds the datasets that a recipe reads, and no others', () => {
  const all = group('USERS', 'INTERACTIONS', 'ACTIONS', 'ITEMS');
  expect(datasetsToRead({ INTERACTIONS: 'required', ITEMS: 'required' }, all)).toEqual({
    INTERACTIONS: interactions,
    ITEMS: items,
  });
  expect(datasetsToRead({ INTERACTIONS: 'required', USERS: 'optional' }, group('INTERACTIONS'))).toEqual({
    INTERACTIONS: interactions,
  });
});

it('says which dataset is missing that a recipe requires', () => {
  expect(() => datasetsToRead({ INTERACTIONS: 'required', ITEMS: 'required' }, group('INTERACTIONS'))).toThrow(
    'Create failed. The dataset group has no Items dataset. Create one, and import or send items.',
  );
});

it('says it of actions, too', () => {
  const needs = { INTERACTIONS: 'required', ACTIONS: 'required', ACTION_INTERACTIONS: 'optional' } as const;
  expect(() => datasetsToRead(needs, group('INTERACTIONS', 'ACTION_INTERACTIONS'))).toThrow(
    'Create failed. The dataset group has no Actions dataset. Create one, and import or send actions.',
  );
  const both = { ...needs, ACTION_INTERACTIONS: 'required' } as const;
  expect(() => datasetsToRead(both, group('INTERACTIONS', 'ACTIONS'))).toThrow(
    'has no Action_Interactions dataset. Create one, and import or send action interactions.',
  );
});

import { expect, it } from 'vitest';
import { caller } from './control.fixture.ts';
import { createDispatch } from './dispatch.ts';

it('has no answer to an operation that no family handles', async () => {
  const dispatch = createDispatch([{ ListSchemas: async () => ({ schemas: [] }) }]);
  expect(await dispatch('ListSchemas', {}, caller)).toEqual({ schemas: [] });
  await expect(dispatch('ListFilters', {}, caller)).rejects.toThrow('ListFilters has no handler.');
});

it('takes no two handlers of one operation', () => {
  const handlers = { ListSchemas: async () => ({ schemas: [] }) };
  expect(() => createDispatch([handlers, handlers])).toThrow('ListSchemas has two handlers.');
});

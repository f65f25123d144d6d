import { expect, it } from 'vitest';
import { caller, refusal } from './control.fixture.ts';
import { createDispatch } from './dispatch.ts';

it('refuses an operation of the service that no family handles', async () => {
  const dispatch = createDispatch([{ ListSchemas: async () => ({ schemas: [] }) }]);
  expect(await dispatch('ListSchemas', {}, caller)).toEqual({ schemas: [] });
  expect(await refusal(dispatch('ListFilters', {}, caller))).toBe(
    'InvalidInputException: ListFilters is not available in this version of OpenPersonalize.',
  );
});

it('takes no two handlers of one operation', () => {
  const handlers = { ListSchemas: async () => ({ schemas: [] }) };
  expect(() => createDispatch([handlers, handlers])).toThrow('ListSchemas has two handlers.');
});

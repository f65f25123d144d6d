import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageOf } from './pages.ts';

const letters = fc.array(fc.string(), { maxLength: 30 });
const refused = expect.objectContaining({ code: 'InvalidNextTokenException' });

it('shows every item once and in order, whatever the size of the pages', () => {
  fc.assert(
    fc.property(letters, fc.integer({ min: 1, max: 100 }), (items, maxResults) => {
      const shown: string[] = [];
      let nextToken: string | undefined;
      do {
        const page = pageOf(items, 'letters', { maxResults, nextToken });
        expect(page.items.length).toBeLessThanOrEqual(maxResults);
        expect(items.length === 0 || page.items.length > 0).toBe(true);
        shown.push(...page.items);
        ({ nextToken } = page);
      } while (nextToken !== undefined);
      expect(shown).toEqual(items);
    }),
  );
});

it('refuses every token that it has not given out for the list', () => {
  const { nextToken = '' } = pageOf(['a', 'b'], 'letters', { maxResults: 1 });
  expect(() => pageOf(['a', 'b'], 'numbers', { nextToken })).toThrow(refused);
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 1500 }), (made) => {
      expect(() => pageOf(['a', 'b'], 'letters', { nextToken: made })).toThrow(refused);
    }),
  );
});

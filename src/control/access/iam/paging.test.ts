import fc from 'fast-check';
import { expect, it } from 'vitest';
import { pageOf } from './paging.ts';

it('gives every item once, whatever is made or deleted between the pages', () => {
  const names = fc.uniqueArray(fc.string(), { maxLength: 30 });
  fc.assert(
    fc.property(names, names, fc.integer({ min: 1, max: 5 }), (there, others, maxItems) => {
      let items = there;
      const seen: string[] = [];
      let marker: string | undefined;
      for (let pages = 0; pages < 100; pages++) {
        const { items: page, page: next } = pageOf(items, (name) => name, { marker, maxItems });
        seen.push(...page);
        marker = next.marker;
        expect(next.isTruncated).toBe(marker !== undefined);
        if (marker === undefined) break;
        // The last of this page goes away, and others come.
        items = [...new Set([...there.filter((name) => name !== page.at(-1)), ...others])];
      }
      expect(seen).toEqual([...new Set(seen)].sort((a, b) => (a < b ? -1 : 1)));
      expect(there.filter((name) => !seen.includes(name))).toEqual([]);
    }),
  );
});

it.each(['', 'x', 'MQ==', 'made up'])('takes no marker %j', (marker) => {
  expect(() => pageOf(['a'], (name) => name, { marker })).toThrow('Invalid Marker.');
});

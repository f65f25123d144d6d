import fc from 'fast-check';
import { expect, it } from 'vitest';
import { GrowingIds } from './growing-ids.ts';

it('numbers ids in the order in which they come, each once, whatever they are', () => {
  const id = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 4 });
  fc.assert(
    fc.property(fc.array(fc.oneof(id, fc.constantFrom('a', 'b'))), fc.array(id), (added, sought) => {
      const ids = new GrowingIds();
      const expected = [...new Set(added)];
      expect(added.map((each) => ids.add(each))).toEqual(added.map((each) => expected.indexOf(each)));
      expect(expected.map((_, number) => ids.id(number))).toEqual(expected);
      for (const each of [...added, ...sought]) expect(ids.find(each)).toBe(expected.indexOf(each));
      expect(ids.size).toBe(expected.length);
    }),
  );
});

it('holds many, in hardly more than their bytes', () => {
  const ids = new GrowingIds();
  const count = 300_000;
  for (let n = 0; n < count; n++) ids.add(`user-${n}`);
  for (let n = 0; n < count; n += 7) expect(ids.find(`user-${n}`)).toBe(n);
  expect(ids.id(count - 1)).toBe(`user-${count - 1}`);
  expect(ids.find('user-x')).toBe(-1);
  expect(ids.bytes / count).toBeLessThan(32);
});

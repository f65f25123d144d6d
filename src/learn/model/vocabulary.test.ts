import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Vocabulary } from './vocabulary.ts';

describe('Vocabulary', () => {
  it('finds every id at its index and gives it back, whatever its characters', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string({ unit: 'grapheme', minLength: 1 }), { maxLength: 300 }), (ids) => {
        const vocabulary = Vocabulary.of(ids);
        expect([...vocabulary]).toEqual(ids);
        expect(ids.map((id) => vocabulary.indexOf(id))).toEqual(ids.map((_, index) => index));
      }),
    );
  });

  it('answers -1 for an id it does not know, also one that begins or ends a known one', () => {
    const vocabulary = Vocabulary.of(['ab', 'abc', 'é']);
    expect(['a', 'b', 'abcd', 'bc', '', 'e'].map((id) => vocabulary.indexOf(id))).toEqual([-1, -1, -1, -1, -1, -1]);
    expect(Vocabulary.of([]).indexOf('a')).toBe(-1);
  });

  it('holds a million ids in flat memory of some twenty bytes each', () => {
    const vocabulary = Vocabulary.of(Array.from({ length: 100_000 }, (_, n) => `user-${n}`));
    expect(vocabulary.bytes).toBeLessThan(30 * 100_000);
    expect(vocabulary.indexOf('user-99999')).toBe(99_999);
  });

  it('refuses an index it does not have', () => {
    expect(() => Vocabulary.of(['a']).id(1)).toThrow(RangeError);
  });
});

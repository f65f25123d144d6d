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
      const utf8 = Buffer.from(`x${added.join('')}`);
      for (const [number, each] of expected.entries()) {
        expect(Buffer.from(ids.utf8(number)).toString()).toBe(each);
        const start = 1 + Buffer.byteLength(added.slice(0, added.indexOf(each)).join(''));
        expect(ids.addUtf8(utf8, start, start + Buffer.byteLength(each))).toBe(number);
      }
    }),
  );
});

it('holds ids of all lengths up to a mebibyte, with room made for them or not', () => {
  for (const room of [0, 10, 5000]) {
    const ids = new GrowingIds();
    ids.reserve(room);
    const texts = [0, 1, 127, 128, 16_383, 16_384, 80_000, 2 ** 20 - 3].map((length) => 'x'.repeat(length));
    const all = [...texts, ...Array.from({ length: 2000 }, (_, n) => `id-${n}`)];
    expect(all.map((text) => ids.add(text))).toEqual(all.map((_, number) => number));
    expect(all.filter((text, number) => ids.id(number) !== text || ids.find(text) !== number)).toEqual([]);
    expect(() => ids.add('x'.repeat(2 ** 20))).toThrow(RangeError);
    expect(() => ids.id(all.length)).toThrow(RangeError);
    expect(ids.add('after that')).toBe(all.length);
  }
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

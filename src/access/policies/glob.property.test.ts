import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Glob, type GlobPart } from './glob.ts';

const wildcard: fc.Arbitrary<GlobPart> = fc.record({
  kind: fc.constant('wildcard' as const),
  takes: fc.constantFrom('many' as const, 'one' as const),
  colons: fc.boolean(),
});
const symbols = fc.constantFrom('a', 'b', ':', '😀', '.');
const text = fc.string({ unit: symbols, maxLength: 6 });
const parts = fc.array(fc.oneof(text, wildcard), { maxLength: 6 });

const plainly = (part: GlobPart): string => {
  if (typeof part === 'string') return part.replaceAll('.', '\\.');
  return `${part.colons ? '.' : '[^:]'}${part.takes === 'many' ? '*' : ''}`;
};

it('matches what the same regular expression matches', () => {
  fc.assert(
    fc.property(parts, fc.string({ unit: symbols, maxLength: 10 }), (pattern, given) => {
      const expected = new RegExp(`^${pattern.map(plainly).join('')}$`, 'su').test(given);
      expect(new Glob(pattern).matches(given)).toBe(expected);
    }),
    { numRuns: 20_000 },
  );
});

it('matches a text in which every wildcard stands for something', () => {
  const filled = parts.chain((pattern) =>
    fc
      .tuple(...pattern.map((part) => (typeof part === 'string' ? fc.constant(part) : fillingOf(part))))
      .map((pieces) => ({ pattern, given: pieces.join('') })),
  );
  fc.assert(
    fc.property(filled, ({ pattern, given }) => {
      expect(new Glob(pattern).matches(given)).toBe(true);
    }),
    { numRuns: 5_000 },
  );
});

function fillingOf(part: Exclude<GlobPart, string>) {
  const unit = part.colons ? symbols : symbols.filter((symbol) => symbol !== ':');
  return part.takes === 'one' ? unit : fc.string({ unit, maxLength: 4 });
}

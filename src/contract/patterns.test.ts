import { createContext, runInContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { operations } from './operations.ts';
import type { TSchema } from './shape.ts';

type Pattern = { readonly pattern: string; readonly modelPattern: string };

/** Every pattern of every input, with the service model's own text. */
function patternsOf(schema: TSchema): Pattern[] {
  return Object.values(schema).flatMap((member) => {
    if (typeof member !== 'object' || member === null) return [];
    const { pattern, modelPattern }: { readonly pattern?: unknown; readonly modelPattern?: unknown } = member;
    const own = typeof pattern === 'string' ? [{ pattern, modelPattern: String(modelPattern) }] : [];
    return [...own, ...patternsOf(member)];
  });
}

const found = Object.values(operations).flatMap(({ input }) => patternsOf(input));
const patterns = [...new Map(found.map((each) => [each.pattern, each])).values()];

test.each(patterns)('$modelPattern takes time that grows with the length of a text', ({ pattern }) => {
  // A pattern that backtracks takes hours on these texts, a linear one milliseconds.
  const limit = 120_000;
  for (const repeated of ['a', ':', ' ', '1', 'a:', ':kms:', 'arn:aws:personalize:', 's3://', 'rate(']) {
    const text = ['arn:aws:personalize:', 'arn:aws:kms:'].map((begin) => `${begin}${repeated.repeat(300_000)}\n`);
    const context = createContext({ pattern, texts: [...text, `${repeated.repeat(300_000)}\n`] });
    runInContext('for (const text of texts) new RegExp(pattern, "u").test(text)', context, { timeout: limit });
  }
});

test.each(patterns.filter(({ pattern, modelPattern }) => pattern !== `^(?:${modelPattern})$`))(
  '$modelPattern accepts the same in the form that does not backtrack',
  ({ pattern, modelPattern }) => {
    const parts = [
      'arn:aws',
      ':',
      'personalize',
      'kms',
      'key/',
      '000000000000',
      'a',
      'é',
      ' ',
      '~',
      '\n',
      '\u2028',
      'x-1',
    ];
    const begun = fc.constantFrom('', 'arn:aws', 'arn:aws:personalize:', 'arn:aws:kms:', ':kms:', 'arn:aws-cn:kms:r:');
    const texts = fc
      .tuple(begun, fc.array(fc.constantFrom(...parts), { maxLength: 8 }), fc.constantFrom('', ':000000000000:key/k'))
      .map(([begin, middle, end]) => begin + middle.join('') + end);
    const [ours, theirs] = [new RegExp(pattern, 'u'), new RegExp(`^(?:${modelPattern})$`, 'u')];
    let accepted = 0;
    fc.assert(
      fc.property(texts, (text) => {
        accepted += Number(theirs.test(text));
        return ours.test(text) === theirs.test(text);
      }),
      { numRuns: 20_000 },
    );
    expect(accepted).toBeGreaterThan(50);
  },
);

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readFilter } from './checker.ts';
import { filter, group } from './filter.arbitrary.ts';
import { FilterError } from './filter-error.ts';
import { schemas } from './filters.fixture.ts';
import { parseFilter } from './parser.ts';
import { type Piece, piecesOf, write } from './print.fixture.ts';

const style = fc.array(fc.nat(11), { minLength: 1, maxLength: 12 });
const pieces = group.chain(filter).map(piecesOf);

const strayTokens = [
  'INCLUDE',
  'WHERE',
  'IF',
  'AND',
  'OR',
  'NOT',
  'IN',
  'NOT_IN',
  'Items',
  'CurrentItem',
  'CurrentUser',
];
const straySymbols = ['.', ',', '(', ')', '|', '*', '=', '<', '>=', '!=', '$P', '"$P"', '"a"', "'a'", '-1', '5e9', 'x'];
const noTokens = ['$', '!', '"', "'", ';', '“', '😀', '\0', '\u00a0', '-', '&', '/*'];
const stray = fc.constantFrom(...strayTokens, ...straySymbols, ...noTokens);

/** An expression after some tokens were taken out, put in, replaced or swapped. */
const broken = fc
  .tuple(pieces, fc.array(fc.tuple(fc.nat(), fc.nat(3), stray), { minLength: 1, maxLength: 3 }), style)
  .map(([whole, changes, numbers]) => write(changes.reduce(changed, whole), numbers));

function changed(list: Piece[], [at, how, text]: readonly [number, number, string]): Piece[] {
  const n = at % list.length;
  const piece = { text, anyCase: false };
  if (how === 0) return list.toSpliced(n, 1, piece);
  if (how === 1) return list.toSpliced(n, 0, piece);
  if (how === 2 && list.length > 1) return list.toSpliced(n, 1);
  return n === 0 ? list : list.toSpliced(n - 1, 2, list[n], list[n - 1]);
}

/** Where reading fails, as an index into the characters; undefined where it does not. */
function failure(expression: string): number | undefined {
  try {
    parseFilter(expression);
    return undefined;
  } catch (error) {
    expect(error).toBeInstanceOf(FilterError);
    return error instanceof FilterError ? error.position - 1 : Number.NaN;
  }
}

test('an error is at the first token with which no filter goes on', () => {
  fc.assert(
    fc.property(broken, (expression) => {
      const characters = [...expression];
      const at = failure(expression);
      if (at === undefined) return;
      // With what stands before, a filter goes on: read alone, it lacks something only at its end, if at all.
      const before = characters.slice(0, at).join('').trimEnd();
      const missing = failure(before);
      // A backslash can be wrong within a text, which is then open in what stands before.
      const isOpen = missing !== undefined && ['"', "'"].includes([...before][missing]);
      if (missing !== undefined && !isOpen) expect(missing).toBe([...before].length);
      // With the token it does not, whatever follows.
      const upTo = characters.slice(0, at).join('') + tokenAt(characters.slice(at).join(''));
      expect(failure(upTo)).toBe(at);
    }),
    { numRuns: 5000 },
  );
});

/** The token that a text begins with; all of it where it begins with none. */
function tokenAt(text: string): string {
  const token =
    /^(?:[A-Za-z_]\w*|[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|\$\w+|[<>!]=|[=<>|().,*]|"(?:[^"\\]|\\["\\])*"|'(?:[^'\\]|\\['\\])*')/;
  return token.exec(text)?.[0] ?? text;
}

test('an expression that was cut after any token is whole, or lacks something at its end', () => {
  fc.assert(
    fc.property(pieces, style, fc.nat(), (whole, numbers, cut) => {
      const short = write(whole.slice(0, cut % whole.length), numbers);
      const at = failure(short);
      if (at !== undefined) expect(at).toBe([...short].length);
    }),
    { numRuns: 2000 },
  );
});

test('any text at all is a filter or a FilterError with a position in it', () => {
  const piece = fc.oneof(
    stray,
    fc.string({ unit: 'binary', maxLength: 3 }),
    fc.constantFrom('INCLUDE ItemID WHERE Items.YEAR '),
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(piece).map((some) => some.join('')),
      ),
      (text) => {
        try {
          readFilter(text, schemas);
        } catch (error) {
          if (!(error instanceof FilterError)) throw error;
          expect(error.position).toBeGreaterThanOrEqual(1);
          expect(error.position).toBeLessThanOrEqual([...text].length + 1);
        }
      },
    ),
    { numRuns: 5000 },
  );
});

import type { AnyClause, AttributeCondition, Filter } from './filter.ts';

/** A piece of an expression. Names and keywords may be written in any case. */
export type Piece = { readonly text: string; readonly anyCase: boolean };

const name = (text: string): Piece => ({ text, anyCase: true });
const exact = (text: string): Piece => ({ text, anyCase: false });

/** The pieces of an expression that means the filter. */
export const piecesOf = ({ subject, clauses }: Filter): Piece[] =>
  clauses.flatMap((clause, n) => [...(n > 0 ? [exact('|')] : []), ...clausePieces(clause, subject)]);

function clausePieces({ action, where, tests }: AnyClause, subject: string): Piece[] {
  const fieldOf = (column: string) => [name(where.dataset), exact('.'), name(column)];
  const alternatives =
    where.kind === 'attributes'
      ? where.anyOf.map((all) =>
          joined(
            all.map((one) => [...fieldOf(one.column.name), ...comparison(one)]),
            'AND',
          ),
        )
      : where.anyOf.map((all) =>
          joined(
            all.map((one) => [...fieldOf('EVENT_TYPE'), ...comparison(one)]),
            'AND',
          ),
        );
  const user = tests.map((test) => [name('CurrentUser'), exact('.'), name(test.column.name), ...comparison(test)]);
  const condition = tests.length > 0 ? [name('IF'), ...joined(user, 'AND')] : [];
  return [name(action), name(subject), name('WHERE'), ...joined(alternatives, 'OR'), ...condition];
}

type Comparison = {
  readonly operator: string;
  readonly right: AttributeCondition['right'] | { readonly kind: 'any-event' };
  readonly column?: AttributeCondition['column'];
};

function comparison({ operator, right, column }: Comparison): Piece[] {
  const isList = operator === 'IN' || operator === 'NOT IN';
  const symbol = operator === 'NOT IN' ? [name('NOT'), name('IN')] : [name(operator)];
  if (right.kind === 'current-item') return [...symbol, name('CurrentItem'), exact('.'), name(right.column.name)];
  const pieces =
    right.kind === 'values'
      ? joined(
          right.values.map((value) => [exact(column && column.type !== 'string' ? value : quoted(value))]),
          ',',
        )
      : [exact(right.kind === 'placeholder' ? `$${right.name}` : '*')];
  return [...symbol, ...(isList ? [exact('('), ...pieces, exact(')')] : pieces)];
}

function joined(lists: readonly (readonly Piece[])[], separator: string): Piece[] {
  return lists.flatMap((list, n) => (n === 0 ? list : [name(separator), ...list]));
}

const quoted = (text: string) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`;

const blanks = [' ', '\n', '\t ', ''];
const isWord = (text: string) => /^[\w$+-]/.test(text);

/** Writes the pieces with blanks and cases by the numbers, which are taken in turn. */
export function write(pieces: readonly Piece[], style: readonly number[]): string {
  let text = '';
  pieces.forEach((piece, n) => {
    const choice = style[n % style.length];
    const last = pieces[n - 1]?.text ?? '(';
    const blank = blanks[choice % blanks.length];
    text += blank === '' && isWord(last) && isWord(piece.text) ? ' ' : blank;
    text += piece.anyCase ? cased(piece.text, choice) : piece.text;
  });
  return text;
}

const cased = (text: string, choice: number) =>
  choice % 3 === 0 ? text : choice % 3 === 1 ? text.toUpperCase() : text.toLowerCase();

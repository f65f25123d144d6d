import { parseFilter } from './parser.ts';
import type { Action } from './syntax.ts';

/** What a clause of a filter does for one request. */
export type ClauseCount = {
  /** Which clause of the expression, from 0. */
  readonly clause: number;
  readonly action: Action;
  /** A clause is as if not written where a value is missing, or where the user does not meet what stands after IF. */
  readonly state: 'in force' | 'value missing' | 'test not met';
  /** How many things meet its conditions. */
  readonly matches: number;
  /** How many of those that were left it removes: below 0 for an INCLUDE clause that lets more pass. */
  readonly removed: number;
  /** How many are left then. */
  readonly left: number;
};

/** The clauses of a legal expression as they were written, without the bars between them. */
export function clauseTexts(expression: string): string[] {
  const characters = [...expression];
  const starts = parseFilter(expression).clauses.map(({ subjectAt }) => {
    const before = characters.slice(0, subjectAt - 1).join('');
    return [...before.replace(/(INCLUDE|EXCLUDE)\s*$/i, '')].length;
  });
  return starts.map((start, n) =>
    characters
      .slice(start, starts[n + 1])
      .join('')
      .trim()
      .replace(/\s*\|$/, ''),
  );
}

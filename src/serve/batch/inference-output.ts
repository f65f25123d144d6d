import { type Reason, reasonsOf } from '../answers/reasons.ts';
import { roundedScore } from '../answers/rounded-score.ts';
import type { ExploredRanking } from '../exploration/explorer.ts';

/** How an answer is written. */
export type OutputRules = {
  readonly isFiltered: boolean;
  /** Whether each item has a list of reasons, empty where it is there for its rank alone. */
  readonly givesReasons: boolean;
};

/**
 * The `output` of a line as JSON (spec batch.md §3): ids, and parallel to them scores of 7 decimals where the recipe
 * shows any, and reasons. An item that the model cannot score has the score null.
 */
export function inferenceOutput(answer: ExploredRanking, { isFiltered, givesReasons }: OutputRules): string {
  const { items, scores } = answer;
  let text = `{"recommendedItems":${JSON.stringify(items)}`;
  if (scores) text += `,"scores":${scoresText(scores)}`;
  if (givesReasons) text += `,"reasons":${reasonsText(items.length, reasonsOf(answer, isFiltered))}`;
  return `${text}}`;
}

function scoresText(scores: readonly (number | null)[]): string {
  let text = '';
  for (const score of scores) text += `${text === '' ? '[' : ','}${score === null ? 'null' : roundedScore(score)}`;
  return text === '' ? '[]' : `${text}]`;
}

function reasonsText(count: number, reasonOf: (position: number) => Reason | undefined): string {
  const reasons = Array.from({ length: count }, (_, position) => {
    const reason = reasonOf(position);
    return reason === undefined ? [] : [reason];
  });
  return JSON.stringify(reasons);
}

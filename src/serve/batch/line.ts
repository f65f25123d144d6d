/** A line of an input file that is a JSON object. */
export type Line = {
  readonly input: Readonly<Record<string, unknown>>;
  /** The position of the input file in the job, and of the line's first byte in the file. */
  readonly file: number;
  readonly offset: number;
};

/**
 * What a line gets: the JSON text of its `output`, or what is wrong with it, for the person who wrote the line. A text
 * of many megabytes comes in pieces that are made while they are written: read it once, before more lines are scored.
 */
export type LineResult =
  | { readonly output: string }
  | { readonly outputPieces: AsyncIterable<string> }
  | { readonly error: string };

/**
 * Answers some lines, in their order: what is wrong with a line is its result, and what is thrown ends the job. Lines
 * may be repeated and divided in any way, so a result depends on nothing but its line and the task.
 */
export type ScoreLines = (lines: readonly Line[]) => Promise<readonly LineResult[]>;

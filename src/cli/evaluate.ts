import { stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { compare, type EvaluationRequest, type Journal } from '../evaluate/compare.ts';
import { EvaluationError } from '../evaluate/evaluation-error.ts';
import { startProgressBar } from '../terminal/progress-bar.ts';
import { reportOf, reportText } from './evaluation-report.ts';
import { temporaryFolder } from './temporary-folder.ts';

export type EvaluationOutput = {
  /** Of the tables. */
  readonly tables: NodeJS.WritableStream;
  /** Of the bars. */
  readonly progress: NodeJS.WritableStream;
  /** Where the report also goes, as JSON. */
  readonly json?: string | undefined;
};

/**
 * Runs an evaluation, shows how it goes and prints what it shows.
 *
 * @throws EvaluationError with a sentence for the caller, the signal's reason when it is aborted
 */
export async function evaluate(
  request: EvaluationRequest,
  { tables, progress, json }: EvaluationOutput,
  signal: AbortSignal,
): Promise<void> {
  if (json !== undefined) await checkFolder(dirname(json));
  await using work = await temporaryFolder();
  const report = reportOf(request, await compare(request, work.path, journalOn(progress, signal)));
  tables.write(`\n${reportText(report)}`);
  if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
}

/** Before the work, not after it. */
async function checkFolder(folder: string): Promise<void> {
  const facts = await stat(folder).catch(() => undefined);
  if (!facts?.isDirectory()) throw new EvaluationError(`There is no folder ${folder} for the report: make it first.`);
}

const journalOn = (output: NodeJS.WritableStream, signal: AbortSignal): Journal => ({
  async step(label, work) {
    const bar = startProgressBar(output, label);
    try {
      const result = await work({ report: (fraction) => bar.update(fraction), signal });
      bar.done();
      return result;
    } catch (error) {
      bar.failed();
      throw error;
    }
  },
});

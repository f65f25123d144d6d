import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare, type EvaluationRequest, type Journal } from '../learn/evaluation/compare.ts';
import { startProgressBar } from '../terminal/progress-bar.ts';
import { reportOf, reportText } from './evaluation-report.ts';

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
  const workFolder = await mkdtemp(join(tmpdir(), 'openpersonalize-evaluate-'));
  try {
    const report = reportOf(request, await compare(request, workFolder, journalOn(progress, signal)));
    tables.write(`\n${reportText(report)}`);
    if (json !== undefined) await writeFile(json, `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await rm(workFolder, { recursive: true, force: true });
  }
}

const journalOn = (output: NodeJS.WritableStream, signal: AbortSignal): Journal => ({
  async step(label, work) {
    const bar = startProgressBar(output, label);
    try {
      const result = await work({ progress: (fraction) => bar.update(fraction), signal });
      bar.done();
      return result;
    } catch (error) {
      bar.failed();
      throw error;
    }
  },
});

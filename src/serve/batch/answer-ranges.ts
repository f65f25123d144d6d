import { readdir } from 'node:fs/promises';
import { setTimeout as after } from 'node:timers/promises';
import { pathOf } from '../../data/encryption/file-path.ts';
import type { TaskTools } from '../../util/child-task/perform-tasks.ts';
import { type LineRange, type LinesTask, partName } from './batch-tasks.ts';
import type { Line, LineResult, ScoreLines } from './line.ts';
import { rawLines } from './line-reader.ts';
import { type ParsedLine, parsedLine } from './parsed-line.ts';
import { writePart } from './part-file.ts';

/**
 * Lines that are scored together, as long as they are short. With more, an answer of the transformer takes no less
 * time; with fewer, it does.
 */
const together = { lines: 256, bytes: 2 ** 20 };
/** Outputs that may wait until they are taken away. */
const mostWaiting = 8;
const lookEveryMs = 20;

type Tools = Pick<TaskTools, 'progress' | 'offerCheckpoint'>;

/** Works on the ranges of a task, one after another, and offers the output of each. */
export async function answerRanges(
  { ranges, folder, limits }: LinesTask,
  score: ScoreLines,
  { progress, offerCheckpoint }: Tools,
): Promise<void> {
  const all = ranges.reduce((sum, { begin, end }) => sum + end - begin, 0);
  let [done, lines] = [0, 0];
  for (const range of ranges) {
    await untilTaken(pathOf(folder));
    const { name, path } = await writePart(folder, async (append) => {
      const counts = await answerRange(range, limits.lineBytes, score, append);
      lines += counts.lines;
      return partName(range.name, counts.lines, counts.failed);
    });
    await offerCheckpoint(name, path);
    done += range.end - range.begin;
    progress.report(done / all, `${lines} lines`);
  }
}

/**
 * Writes an output line for each line that begins within a range and is not blank, in their order.
 *
 * @param append takes the output piece by piece
 * @throws what a disk and `score` do
 */
export async function answerRange(
  range: LineRange,
  lineBytes: number,
  score: ScoreLines,
  append: (text: string) => Promise<void>,
): Promise<{ readonly lines: number; readonly failed: number }> {
  let [lines, failed, bytes] = [0, 0, 0];
  let waiting: ParsedLine[] = [];
  async function answerWaiting(): Promise<void> {
    failed += await writeAnswers(waiting, score, append);
    lines += waiting.length;
    [waiting, bytes] = [[], 0];
  }
  for await (const raw of rawLines(range, lineBytes)) {
    waiting.push(parsedLine(raw, range.file, lineBytes));
    bytes += raw.bytes.length;
    if (waiting.length >= together.lines || bytes >= together.bytes) await answerWaiting();
  }
  if (waiting.length > 0) await answerWaiting();
  return { lines, failed };
}

/** @returns how many of them failed */
async function writeAnswers(
  parsed: readonly ParsedLine[],
  score: ScoreLines,
  append: (text: string) => Promise<void>,
): Promise<number> {
  const good: Line[] = [];
  for (const each of parsed) if ('line' in each) good.push(each.line);
  const results = good.length > 0 ? await score(good) : [];
  let [text, failed, next] = ['', 0, 0];
  for (const each of parsed) {
    const result: LineResult | undefined = 'line' in each ? results[next++] : each;
    if (result === undefined) throw new Error(`${good.length} lines got ${results.length} results.`);
    // A line of output (spec batch.md §3).
    text += `{"input":${each.echo},"output":`;
    if ('error' in result) {
      text += `null,"error":${JSON.stringify(result.error)}}\n`;
      failed++;
      continue;
    }
    if ('output' in result) text += result.output;
    else {
      await append(text);
      for await (const piece of result.outputPieces) await append(piece);
      text = '';
    }
    text += ',"error":null}\n';
  }
  await append(text);
  return failed;
}

/** Waits while many outputs lie there: a store may be slower than the work, and a disk small. */
async function untilTaken(folder: string): Promise<void> {
  while ((await readdir(folder)).length > mostWaiting) await after(lookEveryMs);
}

/** The child process for lines of batch jobs: one task, then it ends. */
import { constants, setPriority } from 'node:os';
import { answerRanges } from './serve/batch/answer-ranges.ts';
import type { BatchTasks } from './serve/batch/batch-tasks.ts';
import { openInference } from './serve/batch/inference.ts';
import { openSegments } from './serve/batch/segments.ts';
import { performTasks } from './util/child-task/perform-tasks.ts';

// A batch can wait: answers of the server beside it go first, and so do trainings.
setPriority(constants.priority.PRIORITY_LOW);

performTasks<BatchTasks>({
  async infer(task, { progress, offerCheckpoint }) {
    let reached = 0;
    const report: typeof progress.report = (fraction, ...more) => {
      reached = fraction;
      progress.report(fraction, ...more);
    };
    const score = await openInference(task, (note) => report(reached, note, {}));
    await answerRanges(task, score, { progress: { ...progress, report }, offerCheckpoint });
    return null;
  },
  async segment(task, tools) {
    await answerRanges(task, await openSegments(task, tools.progress.signal), tools);
    return null;
  },
});

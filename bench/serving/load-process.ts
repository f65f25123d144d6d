// A process of its own that puts load on a server: takes one plan, answers one report, ends.
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { getPriority, setPriority } from 'node:os';
import { fileURLToPath } from 'node:url';
import { type LoadPlan, type LoadReport, runLoad } from './load.ts';

/**
 * Runs a plan in a second process, so that making requests takes no time from the process that measures.
 *
 * @param niceness how much of the processor it leaves to others that want it, 0 to 19 (nice(2)). Above 0 it stands for
 *   other machines, but its latencies hold its own waits for the processor.
 */
export async function loadFromAnotherProcess(plan: LoadPlan, niceness = 0): Promise<LoadReport> {
  const child = fork(fileURLToPath(import.meta.url));
  if (child.pid !== undefined) setPriority(child.pid, Math.min(getPriority() + niceness, 19));
  child.send(plan);
  const reported = once(child, 'message');
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`The load generator ended with code ${code} and no report.`);
  });
  // the child sends nothing but a LoadReport
  const [report] = (await Promise.race([reported, ended])) as [LoadReport];
  ended.catch(() => {});
  return report;
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) {
  // the parent sends nothing but a LoadPlan
  const [plan] = (await once(process, 'message')) as [LoadPlan];
  process.send(await runLoad(plan));
  process.disconnect();
}

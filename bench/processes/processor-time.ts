import { readFile } from 'node:fs/promises';
import { processTree } from '../../test/support/resident-memory.ts';

/** Of USER_HZ, which is 100 on every Linux. */
const ticksPerSecond = 100;

/** Seconds of processor time that a process and those below it have used, and those of its main thread alone. */
export type ProcessorTime = { readonly all: number; readonly mainThread: number };

export async function processorTime(pid: number): Promise<ProcessorTime> {
  const { pids } = await processTree(pid);
  const times = await Promise.all(pids.map((one) => secondsIn(`/proc/${one}/stat`)));
  return {
    all: times.reduce((sum, seconds) => sum + seconds, 0),
    mainThread: await secondsIn(`/proc/${pid}/task/${pid}/stat`),
  };
}

/** Seconds of processor time that a process has used, with the children that have ended. */
export const secondsWithEndedChildren = (pid: number): Promise<number> => secondsIn(`/proc/${pid}/stat`, 4);

/**
 * User and system time are the 14th and 15th fields, those of children that have ended the next two; the second, a name
 * in brackets, may have blanks.
 */
async function secondsIn(path: string, count = 2): Promise<number> {
  const fields = (await readFile(path, 'utf8')).replace(/^.*\) /s, '').split(' ');
  return fields.slice(11, 11 + count).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;
}

import { readdir, readFile } from 'node:fs/promises';

const lookEveryMs = 20;

/** The most memory that any child process of this one takes while some work runs, in bytes. Linux alone has it. */
export async function childMemory(work: () => Promise<void>): Promise<number> {
  let most = 0;
  const look = async () => {
    most = Math.max(most, await peakOfChildren());
  };
  const timer = setInterval(() => void look(), lookEveryMs);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  return most;
}

/** The most that a child process of this one has taken so far, in bytes; 0 without one. Linux alone has it. */
export async function peakOfChildren(): Promise<number> {
  return Math.max(0, ...(await Promise.all((await children()).map(peakOf))));
}

async function children(): Promise<readonly string[]> {
  const lists = await Promise.all(
    (await readdir('/proc/self/task')).map((thread) => textOf(`/proc/self/task/${thread}/children`)),
  );
  return lists.join(' ').split(/\s+/).filter(Boolean);
}

/** Its highest resident size so far; 0 for one that is gone. */
async function peakOf(pid: string): Promise<number> {
  const [, kibibytes = '0'] = /VmHWM:\s+(\d+) kB/.exec(await textOf(`/proc/${pid}/status`)) ?? [];
  return 1024 * Number(kibibytes);
}

const textOf = (path: string) => readFile(path, 'utf8').catch(() => '');

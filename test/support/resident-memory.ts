import { readdir, readFile } from 'node:fs/promises';

/** A process with all that it has started, as Linux tells. */
export type ProcessTree = {
  readonly pids: readonly number[];
  /** The sum of what each holds in memory, its program included, in bytes. */
  readonly residentBytes: number;
  /** Paths of the files that they have mapped, such as native libraries. */
  readonly mappedFiles: ReadonlySet<string>;
};

/** Looks at a process and those below it. Linux alone. */
export async function processTree(pid: number): Promise<ProcessTree> {
  const pids = await tree(pid);
  const residents = await Promise.all(pids.map(residentBytes));
  const mapped = await Promise.all(pids.map(mappedFiles));
  return {
    pids,
    residentBytes: residents.reduce((sum, bytes) => sum + bytes, 0),
    mappedFiles: new Set(mapped.flat()),
  };
}

async function tree(pid: number): Promise<number[]> {
  const threads = await readdir(`/proc/${pid}/task`);
  const children = await Promise.all(threads.map((thread) => readFile(`/proc/${pid}/task/${thread}/children`, 'utf8')));
  const below = await Promise.all(children.flatMap((list) => list.split(' ').filter(Boolean).map(Number)).map(tree));
  return [pid, ...below.flat()];
}

async function residentBytes(pid: number): Promise<number> {
  const [, kibibytes] = /^Rss:\s+(\d+) kB$/m.exec(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? [];
  return Number(kibibytes) * 1024;
}

async function mappedFiles(pid: number): Promise<string[]> {
  const maps = await readFile(`/proc/${pid}/maps`, 'utf8');
  return maps.split('\n').flatMap((line) => / (\/.*)$/.exec(line)?.[1] ?? []);
}

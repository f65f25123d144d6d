import type { BatchPlan, PlannedFile, PlannedRange } from './batch-plan.ts';

/** What is lost at most when a worker dies, and about what one checkpoint holds. */
const rangeBytes = 256 * 1024;
/** A share is a process, which has to open the model first. */
const leastShareBytes = 512 * 1024;
const mostShares = 64;

/**
 * Divides input files into ranges, and those into shares for processes that work side by side. Small files are whole
 * ranges, and a share has as many as it takes.
 */
export function dividedIntoShares(files: readonly Pick<PlannedFile, 'bytes'>[]): Pick<BatchPlan, 'ranges' | 'shares'> {
  const ranges = files.flatMap(({ bytes }, file) => rangesOf(file, bytes));
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const shareBytes = Math.max(leastShareBytes, total / mostShares);
  const shares: [number, number][] = [];
  let before = 0;
  for (const [position, { begin, end }] of ranges.entries()) {
    const share = Math.floor(before / shareBytes);
    const last = shares.at(-1);
    if (last && share < shares.length) last[1] = position + 1;
    else shares.push([position, position + 1]);
    before += end - begin;
  }
  return { ranges, shares };
}

function rangesOf(file: number, bytes: number): PlannedRange[] {
  const count = Math.ceil(bytes / rangeBytes);
  return Array.from({ length: count }, (_, n) => ({
    file,
    begin: n * rangeBytes,
    end: Math.min(bytes, (n + 1) * rangeBytes),
  }));
}

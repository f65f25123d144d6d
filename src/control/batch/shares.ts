import type { BatchPlan, PlannedFile, PlannedRange } from './batch-plan.ts';

/** How finely the lines of a job are divided. */
export type Grain = {
  /** What is lost at most when a worker dies, and about what one checkpoint holds. */
  readonly rangeBytes: number;
  /** A share is a process, which has to open the model first. */
  readonly leastShareBytes: number;
  /** No more nodes than that can help. */
  readonly mostShares: number;
};

export const grains = {
  /** Lines that take a millisecond or less. */
  many: { rangeBytes: 256 * 1024, leastShareBytes: 512 * 1024, mostShares: 64 },
  /** Lines that take up to seconds each, and may have outputs of 50 MB: about a hundred in a range. */
  few: { rangeBytes: 2 * 1024, leastShareBytes: 8 * 1024, mostShares: 16 },
} as const satisfies Record<string, Grain>;

/** Of a file: lines may be long. */
const mostRanges = 4096;

/**
 * Divides input files into ranges, and those into shares for processes that work side by side. Small files are whole
 * ranges, and a share has as many as it takes.
 */
export function dividedIntoShares(
  files: readonly Pick<PlannedFile, 'bytes'>[],
  { rangeBytes, leastShareBytes, mostShares }: Grain,
): Pick<BatchPlan, 'ranges' | 'shares'> {
  const ranges = files.flatMap(({ bytes }, file) => rangesOf(file, bytes, rangeBytes));
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

function rangesOf(file: number, bytes: number, leastBytes: number): PlannedRange[] {
  const rangeBytes = Math.max(leastBytes, Math.ceil(bytes / mostRanges));
  const count = Math.ceil(bytes / rangeBytes);
  return Array.from({ length: count }, (_, n) => ({
    file,
    begin: n * rangeBytes,
    end: Math.min(bytes, (n + 1) * rangeBytes),
  }));
}

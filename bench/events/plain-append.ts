import { open, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Appends `text` to a file over and over, each time waiting until it is on disk; times in milliseconds. */
export async function plainAppend(
  folder: string,
  text: string,
  seconds: number,
): Promise<{ readonly p50: number; readonly p99: number }> {
  const path = join(folder, 'plain-append');
  const bytes = Buffer.from(text);
  const times: number[] = [];
  {
    await using file = await open(path, 'a');
    for (const until = performance.now() + seconds * 1000; performance.now() < until; ) {
      const began = performance.now();
      await file.write(bytes);
      await file.datasync();
      times.push(performance.now() - began);
    }
  }
  await rm(path);
  times.sort((one, other) => one - other);
  return { p50: times[times.length >> 1] ?? 0, p99: times[Math.floor(times.length * 0.99)] ?? 0 };
}

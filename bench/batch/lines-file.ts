import { open } from 'node:fs/promises';

const linesAtOnce = 10_000;

/** Writes a file of lines. */
export async function writeLines(path: string, count: number, lineOf: (n: number) => string) {
  const file = await open(path, 'w');
  let bytes = 0;
  try {
    for (let begin = 0; begin < count; begin += linesAtOnce) {
      const lines = Array.from({ length: Math.min(linesAtOnce, count - begin) }, (_, n) => `${lineOf(begin + n)}\n`);
      bytes += (await file.write(lines.join(''))).bytesWritten;
    }
  } finally {
    await file.close();
  }
  return { path, bytes };
}

import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

/**
 * The first match of `pattern` in a line of what a program prints. What comes after is read and dropped, so that the
 * program never waits for a reader. Rejects with all that was printed if it ends without.
 */
export function announcement(output: Readable, pattern: RegExp): Promise<string> {
  const seen: string[] = [];
  return new Promise((resolve, reject) => {
    const lines = createInterface({ input: output });
    lines.on('line', (line) => {
      const [match] = pattern.exec(line) ?? [];
      if (match !== undefined) resolve(match);
      else if (seen.length < 1000) seen.push(line);
    });
    lines.on('close', () => reject(new Error(`The program ended without saying ${pattern}:\n${seen.join('\n')}`)));
  });
}

import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** What a line of the log of exploration says of its answer. */
export type LoggedAnswer = { readonly campaignArn: string; readonly userId: string };

/** As `PropensityLog` names its files. */
const name = /^propensities-[\dTZ.-]+\.jsonl$/;

/**
 * Writes the files of the log of exploration in a folder that have lines of some users without these. A process that
 * adds lines to a file meanwhile goes on with the new one.
 */
export async function forgetLines(folder: string, isTheirs: (answer: LoggedAnswer) => boolean): Promise<void> {
  const names = await readdir(folder).catch(() => []);
  for (const file of names.filter((each) => name.test(each))) {
    const path = join(folder, file);
    // Lines that come while a file is written are in the next round.
    for (;;) {
      const { size } = await stat(path);
      if (await isForgotten(path, isTheirs, size)) break;
    }
  }
}

/** @returns whether the file has no such line any more */
async function isForgotten(path: string, isTheirs: (answer: LoggedAnswer) => boolean, size: number): Promise<boolean> {
  if (size === 0) return true;
  let found = 0;
  for await (const line of linesOf(path, size)) if (goes(line, isTheirs)) found++;
  if (found === 0) return true;
  const made = `${path}.new`;
  const kept = async function* () {
    for await (const line of linesOf(path, size)) if (!goes(line, isTheirs)) yield `${line}\n`;
  };
  await pipeline(Readable.from(kept()), createWriteStream(made));
  if ((await stat(path)).size !== size) {
    await rm(made);
    return false;
  }
  await rename(made, path);
  return true;
}

const linesOf = (path: string, size: number) =>
  createInterface({ input: createReadStream(path, { end: size - 1 }), crlfDelay: Number.POSITIVE_INFINITY });

/** A line that was cut short when a process was killed may be anybody's: it goes. */
function goes(line: string, isTheirs: (answer: LoggedAnswer) => boolean): boolean {
  try {
    const answer: LoggedAnswer = JSON.parse(line);
    return isTheirs(answer);
  } catch {
    return true;
  }
}

import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where a person puts files: what lies there is not the server's. */
const ofPeople = 'buckets';

/** The files of a home, beside its buckets, that hold one of these texts as it is. */
export async function filesWith(home: string, texts: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const name of await filesBelow(home, '')) {
    // Files of work under way may be gone by now.
    const content = await readFile(join(home, name)).catch(() => Buffer.alloc(0));
    if (texts.some((text) => content.includes(text))) found.push(name);
  }
  return found;
}

async function filesBelow(home: string, folder: string): Promise<string[]> {
  const entries = await readdir(join(home, folder), { withFileTypes: true }).catch(() => []);
  const names = entries.map(async (entry) => {
    const name = join(folder, entry.name);
    if (entry.isDirectory()) return name === ofPeople ? [] : await filesBelow(home, name);
    return entry.isFile() ? [name] : [];
  });
  return (await Promise.all(names)).flat();
}

/** Looks at a home again and again. */
export function watchFor(home: string, texts: readonly string[]) {
  const found = new Set<string>();
  const over = new AbortController();
  let looks = 0;
  const watching = (async () => {
    while (!over.signal.aborted) {
      for (const name of await filesWith(home, texts)) found.add(name);
      looks += 1;
    }
  })();
  return {
    /** What was found so far, and how often it was looked. */
    async end(): Promise<{ readonly found: string[]; readonly looks: number }> {
      over.abort();
      await watching;
      return { found: [...found], looks };
    },
  };
}

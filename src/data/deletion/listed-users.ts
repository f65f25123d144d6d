import type { FilePath } from '../encryption/file-path.ts';
import { readWhole } from '../encryption/file-reading.ts';

/** Whether an id is in a list that lies in files, each a JSON list of ids. */
export async function isListed(files: readonly FilePath[]): Promise<(id: string) => boolean> {
  const ids = new Set<string>();
  for (const file of files) {
    const part: readonly string[] = JSON.parse((await readWhole(file)).toString('utf8'));
    for (const id of part) ids.add(id);
  }
  return (id) => ids.has(id);
}

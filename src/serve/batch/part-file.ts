import { rename, rm } from 'node:fs/promises';
import { type FilePath, fileIn, keyOf, pathOf } from '../../data/encryption/file-path.ts';
import { openFile } from '../../data/encryption/file-reading.ts';
import { createFile } from '../../data/encryption/file-writing.ts';

const openName = 'open';
const copyBytes = 2 ** 20;

/**
 * Writes a file of a folder that gets its name when it is whole.
 *
 * @param write appends text, and comes back with the name
 * @returns where the file lies
 */
export async function writePart(
  folder: FilePath,
  write: (append: (text: string) => Promise<void>) => Promise<string>,
): Promise<{ readonly name: string; readonly path: string }> {
  const open = fileIn(folder, openName);
  await rm(pathOf(open), { force: true });
  let name: string;
  {
    await using file = await createFile(open);
    name = await write((text) => file.append(Buffer.from(text)));
    await file.end();
  }
  const named = fileIn(folder, name);
  // The key of a sealed file follows from its name.
  if (keyOf(folder) === undefined) await rename(pathOf(open), pathOf(named));
  else await sealAgain(open, named);
  return { name, path: pathOf(named) };
}

async function sealAgain(open: FilePath, named: FilePath): Promise<void> {
  {
    await using from = await openFile(open);
    await using to = await createFile(named);
    for (let at = 0; at < from.size; at += copyBytes) {
      const piece = Buffer.allocUnsafe(Math.min(copyBytes, from.size - at));
      await from.read(piece, at);
      await to.append(piece);
    }
    await to.end();
  }
  await rm(pathOf(open));
}

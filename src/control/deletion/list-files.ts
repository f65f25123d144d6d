import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { partName } from '../../data/deletion/read-user-list.ts';
import { type FilePath, fileIn, filePath, passingKey } from '../../data/encryption/file-path.ts';
import { writeWhole } from '../../data/encryption/file-writing.ts';
import type { ControlParts } from '../parts.ts';
import type { HiddenList } from './hidden-users.ts';

export type ListFiles = AsyncDisposable & {
  /** Each a JSON list of ids. */
  readonly files: readonly FilePath[];
  /** A folder for intermediate files, which goes with them. */
  readonly folder: string;
};

/** The list of a job as files for a child process, which nobody reads after this process. */
export async function listFiles(
  { workFolder }: Pick<ControlParts, 'workFolder'>,
  users: HiddenList,
  name: string,
): Promise<ListFiles> {
  const folder = join(workFolder, `deletion-${name}`);
  await mkdir(folder, { recursive: true });
  const list = filePath(folder, passingKey());
  const files: FilePath[] = [];
  const dispose = () => rm(folder, { recursive: true, force: true });
  try {
    for (const part of users.parts()) {
      const file = fileIn(list, partName(files.length));
      await writeWhole(file, JSON.stringify(part));
      files.push(file);
    }
  } catch (error) {
    await dispose();
    throw error;
  }
  return { files, folder, [Symbol.asyncDispose]: dispose };
}

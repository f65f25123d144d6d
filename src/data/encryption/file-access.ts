import { type FilePath, filePath, keyOf } from './file-path.ts';
import { type FileReading, openFile } from './file-reading.ts';
import { createFile, type FileWriting } from './file-writing.ts';

/** Reads and writes files with the key of a file, for who knows paths alone. */
export type FileAccess = {
  open(path: string): Promise<FileReading>;
  create(path: string): Promise<FileWriting>;
};

export const filesOf = (file: FilePath): FileAccess => ({
  open: (path) => openFile(filePath(path, keyOf(file))),
  create: (path) => createFile(filePath(path, keyOf(file))),
});

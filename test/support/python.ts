import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A virtual environment of Python: its interpreter, and the folder of the programs that its packages bring. */
export type PythonEnvironment = { readonly python: string; readonly bin: string };

/**
 * The virtual environment `.venv/<name>` with exactly what `requirementsFile` pins, made on first use and whenever that
 * file changes. Where Python 3 with venv is missing: undefined and a visible notice, and an error in CI.
 * Of test files that run side by side and ask for the same, one makes it and the others wait.
 */
export async function pythonEnvironment(
  name: string,
  requirementsFile: string,
): Promise<PythonEnvironment | undefined> {
  const folder = join(import.meta.dirname, '../../.venv', name);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const environment = { python: join(bin, 'python'), bin };
  await mkdir(dirname(folder), { recursive: true });
  using _lock = await lock(`${folder}.lock`);
  const made = join(folder, 'requirements.txt');
  const wanted = await readFile(requirementsFile, 'utf8');
  if ((await readFile(made, 'utf8').catch(() => undefined)) === wanted) return environment;

  await rm(folder, { recursive: true, force: true });
  try {
    await run('python3', ['-m', 'venv', folder]);
  } catch (cause) {
    if (process.env.CI)
      throw new Error('Python 3 with venv is missing, and this check must not be skipped here.', { cause });
    console.warn(`SKIPPED: Python 3 with venv is missing, so nothing that needs .venv/${name} is checked.`);
    return undefined;
  }
  await run(environment.python, ['-m', 'pip', 'install', '--quiet', '--requirement', requirementsFile]);
  await copyFile(requirementsFile, made);
  return environment;
}

/**
 * Waits until no other process holds the lock of this name. It is SQLite's, which ends with its process, however that
 * ends.
 */
async function lock(path: string): Promise<Disposable> {
  const database = new DatabaseSync(path);
  for (;;) {
    try {
      database.exec('BEGIN EXCLUSIVE');
      return database;
    } catch (error) {
      const isHeld = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy;
      if (!isHeld) throw error;
      await sleep(200);
    }
  }
}

/** SQLITE_BUSY, https://sqlite.org/rescode.html. */
const sqliteBusy = 5;

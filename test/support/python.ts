import { execFile } from 'node:child_process';
import { copyFile, mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A virtual environment of Python: its interpreter, and the folder of the programs that its packages bring. */
export type PythonEnvironment = { readonly python: string; readonly bin: string };

/**
 * The virtual environment `.venv/<name>` with exactly what `requirementsFile` pins, made on first use and whenever that
 * file changes. Where Python 3 with venv is missing: undefined and a visible notice, and an error in CI.
 * One test file alone may ask for a name, as test files run side by side.
 */
export async function pythonEnvironment(
  name: string,
  requirementsFile: string,
): Promise<PythonEnvironment | undefined> {
  const folder = join(import.meta.dirname, '../../.venv', name);
  const bin = join(folder, process.platform === 'win32' ? 'Scripts' : 'bin');
  const environment = { python: join(bin, 'python'), bin };
  const made = join(folder, 'requirements.txt');
  const wanted = await readFile(requirementsFile, 'utf8');
  if ((await readFile(made, 'utf8').catch(() => undefined)) === wanted) return environment;

  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
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

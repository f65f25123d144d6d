import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The path of a program of this folder. */
export const peerProgram = (file: string) => join(root, 'bench/peers', file);

/** The Python of a virtual environment with what `<peer>.txt` names, from PyPI; made first if need be. */
export async function pythonOf(peer: 'implicit' | 'torch'): Promise<string> {
  const folder = join(root, '.venv', peer);
  const python = join(folder, 'bin/python');
  if (!existsSync(python)) await run('python3', ['-m', 'venv', folder]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', peerProgram(`${peer}.txt`)]);
  return python;
}

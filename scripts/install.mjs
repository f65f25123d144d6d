import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** Installs the locked dependencies when node_modules lacks one or holds another version of it. */
export async function install(root) {
  if (isInstalled(root)) return 0;
  console.error('Installing dependencies…');
  const [command, ...parameters] = npm();
  return await runProgram(command, [...parameters, 'ci', '--include=dev', '--include=optional', '--loglevel=error'], {
    cwd: root,
    shell: command === 'npm' && process.platform === 'win32',
    // What npm prints belongs to the log: stdout is for what the user asked.
    stdio: ['inherit', process.stderr, 'inherit'],
  });
}

/** npm writes down what it has installed in node_modules/.package-lock.json, in the form of the lockfile. */
function isInstalled(root) {
  const record = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(record)) return false;
  const wanted = packages(join(root, 'package-lock.json'));
  const present = packages(record);
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    if (path === '') return true;
    return path in present ? present[path].version === version : optional === true;
  });
}

const packages = (lockfile) => JSON.parse(readFileSync(lockfile, 'utf8')).packages;

/** The npm that called, by the Node that it runs on; else the one on the path. */
function npm() {
  const { npm_execpath: program, npm_node_execpath: node } = process.env;
  return program && basename(program).startsWith('npm') ? [node ?? process.execPath, program] : ['npm'];
}

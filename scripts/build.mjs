import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildKernels } from './build-kernels.mjs';
import { checkProse } from './check-prose.mjs';
import { runProgram } from './run-program.mjs';

const tsc = 'node_modules/typescript/bin/tsc';
const biome = 'node_modules/@biomejs/biome/bin/biome';

const sources = ['src', 'tsconfig.json', 'tsconfig.base.json', 'tsconfig.build.json', 'package-lock.json'];

/** Builds dist/ and wasm/ where they are missing or older than their sources; checks nothing. */
export async function build(root, node) {
  await buildKernels();
  // Written last, so that a build that broke off counts as none.
  const stamp = join(root, 'dist', '.built');
  if (await isFresh(root, stamp)) return 0;
  console.error('Building…');
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  const streams = ['inherit', process.stderr, 'inherit'];
  const code = await runProgram(node, [tsc, '-p', 'tsconfig.build.json'], { cwd: root, stdio: streams });
  if (code === 0) writeFileSync(stamp, '');
  return code;
}

/** Formatting, lint, the arrows between the parts, the layout of prose, and the types. */
export async function check(root, node) {
  const code = (await runProgram(node, [biome, 'check', '.'], { cwd: root })) || checkProse(root);
  return code || (await runProgram(node, [tsc, '-b'], { cwd: root }));
}

async function isFresh(root, stamp) {
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  for (const source of sources) {
    for await (const path of pathsBelow(join(root, source))) {
      if (statSync(path).mtimeMs > builtAt && !path.endsWith('.test.ts')) return false;
    }
  }
  return true;
}

/** The path itself and all that lies below it; folders too, whose times show that a file is gone. */
async function* pathsBelow(path) {
  yield path;
  if (!statSync(path).isDirectory()) return;
  for (const name of await readdir(path, { recursive: true })) yield join(path, name);
}

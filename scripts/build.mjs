import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { runProgram } from './run-program.mjs';

/** What is made of what. The stamp is written last, so that a build that broke off counts as none. */
const targets = [
  {
    name: 'dist',
    sources: ['src', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'],
    program: ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.build.json', '--noCheck'],
  },
  {
    name: 'wasm',
    sources: ['src/learn/kernels/assembly', 'scripts/build-kernels.mjs', 'package-lock.json'],
    program: ['scripts/build-kernels.mjs'],
  },
];

/** Builds what is missing or older than its sources; checks nothing. */
export async function build(root, node) {
  for (const target of targets) {
    if (await isFresh(root, target)) continue;
    console.error(`Building ${target.name}…`);
    rmSync(join(root, target.name), { recursive: true, force: true });
    const code = await runProgram(node, target.program, { cwd: root, stdio: ['inherit', process.stderr, 'inherit'] });
    if (code !== 0) return code;
    writeFileSync(stampOf(root, target), '');
  }
  return 0;
}

/** Formatting, lint, the arrows between the parts, and the types. */
export async function check(root, node) {
  const lint = await runProgram(node, ['node_modules/@biomejs/biome/bin/biome', 'check', '.'], { cwd: root });
  return lint || (await runProgram(node, ['node_modules/typescript/bin/tsc', '-p', '.'], { cwd: root }));
}

const stampOf = (root, target) => join(root, target.name, '.built');

async function isFresh(root, target) {
  const stamp = stampOf(root, target);
  if (!existsSync(stamp)) return false;
  const builtAt = statSync(stamp).mtimeMs;
  for (const source of target.sources) {
    for await (const path of pathsBelow(join(root, source))) {
      const { mtimeMs } = statSync(path);
      if (mtimeMs > builtAt && !path.endsWith('.test.ts')) return false;
    }
  }
  return true;
}

/** The path itself and all that lies below it; folders too, whose times tell that a file is gone. */
async function* pathsBelow(path) {
  yield path;
  if (!statSync(path).isDirectory()) return;
  for (const name of await readdir(path, { recursive: true })) yield join(path, name);
}

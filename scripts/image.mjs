/**
 * Makes of an installed checkout what an image holds: builds it, then removes all that a server on this platform never
 * loads. It changes the folder that it is in, so it is for the build of an image alone.
 */
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from './build.mjs';
import { runProgram } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const modules = join(root, 'node_modules');

/** Folders and files below `node_modules` or `dist` that say something to engineers alone. */
const forEngineers = /(\.map|\.d\.[cm]?ts|\.tsbuildinfo)$/;

function slim() {
  const { optionalDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Node is the image's.
  for (const name of Object.keys(optionalDependencies)) rmSync(join(modules, name), { recursive: true, force: true });
  keepOnly(join(modules, 'onnxruntime-node/bin/napi-v6'), process.platform);
  keepOnly(join(modules, 'onnxruntime-node/bin/napi-v6', process.platform), process.arch);
  for (const folder of [modules, join(root, 'dist')]) {
    for (const name of readdirSync(folder, { recursive: true })) {
      if (forEngineers.test(name)) rmSync(join(folder, name), { force: true });
    }
  }
}

/** Removes all in a folder but one. */
function keepOnly(folder, kept) {
  if (!existsSync(join(folder, kept))) throw new Error(`There is no ${kept} in ${folder}.`);
  for (const name of readdirSync(folder)) if (name !== kept) rmSync(join(folder, name), { recursive: true });
}

async function run() {
  const built = await build(root, process.execPath);
  if (built !== 0) return built;
  const pruned = await runProgram('npm', ['prune', '--omit=dev', '--loglevel=error'], { cwd: root });
  if (pruned === 0) slim();
  return pruned;
}

process.exitCode = await run();

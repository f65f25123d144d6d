/**
 * Every `npm` command of this checkout: installs and builds what is missing or out of date, then hands over to the Node
 * that is pinned through npm. It runs on any Node from 20 on, and with any npm that can read the lockfile.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, check } from './build.mjs';
import { install } from './install.mjs';
import { noNode, pinnedNode } from './pinned-node.mjs';
import { runProgram } from './run-program.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

const everything = [check, build];
const commands = {
  start: { before: [build], program: ['dist/main.js', 'start'] },
  quickstart: { before: [build], program: ['dist/main.js', 'quickstart'] },
  evaluate: { before: [build], program: ['dist/main.js', 'evaluate'] },
  events: { before: [build], program: ['dist/main.js', 'events'] },
  explain: { before: [build], program: ['dist/main.js', 'explain'] },
  access: { before: [build], program: ['dist/main.js', 'access'] },
  audit: { before: [build], program: ['dist/main.js', 'audit'] },
  keys: { before: [build], program: ['dist/main.js', 'keys'] },
  imports: { before: [build], program: ['dist/main.js', 'imports'] },
  recommend: { before: [build], program: ['dist/main.js', 'recommend'] },
  attribution: { before: [build], program: ['dist/main.js', 'attribution'] },
  backup: { before: [build], program: ['dist/main.js', 'backup'] },
  restore: { before: [build], program: ['dist/main.js', 'restore'] },
  doctor: { before: [build], program: ['dist/main.js', 'doctor'] },
  bench: { before: [build], program: ['bench/main.ts'] },
  demo: { before: [build], program: ['demo/main.ts'] },
  build: { before: everything },
  test: { before: everything, program: ['node_modules/vitest/vitest.mjs', 'run'] },
};

async function run(name, parameters) {
  const installed = await install(root);
  if (installed !== 0) return installed;
  const node = pinnedNode();
  if (!node) {
    console.error(noNode);
    return 1;
  }
  const { before, program } = commands[name];
  for (const step of before) {
    const code = await step(root, node);
    if (code !== 0) return code;
  }
  return program ? await runProgram(node, [join(root, program[0]), ...program.slice(1), ...parameters]) : 0;
}

const [name, ...parameters] = process.argv.slice(2);
if (name !== undefined && Object.hasOwn(commands, name)) {
  process.exitCode = await run(name, parameters);
} else {
  console.error(`Use one of: ${Object.keys(commands).join(', ')}.`);
  process.exitCode = 2;
}

#!/usr/bin/env node
/** The package's binary: starts the program on the pinned Node, whatever Node called. */
import { fileURLToPath } from 'node:url';
import { noNode, pinnedNode } from './pinned-node.mjs';
import { becomeProgram } from './run-program.mjs';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const node = pinnedNode();
if (node) {
  await becomeProgram(node, [program, ...process.argv.slice(2)]);
} else {
  console.error(noNode);
  process.exitCode = 1;
}

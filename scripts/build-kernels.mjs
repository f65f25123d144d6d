// Compiles src/learn/kernels/assembly to wasm/, when the sources are newer than what is there.
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = new URL('../src/learn/kernels/assembly/', import.meta.url);
const folder = new URL('../wasm/', import.meta.url);

/**
 * A module must say whether the memory that it works on is shared; and relaxed SIMD is not everywhere where SIMD is.
 */
const sharedMemory = '--enable threads --sharedMemory --initialMemory 1 --maximumMemory 65536';
const relaxedSimd = '--enable relaxed-simd';
const targets = [
  { file: new URL('kernels.wasm', folder), flags: relaxedSimd },
  { file: new URL('kernels-plain.wasm', folder), flags: '' },
  { file: new URL('kernels-shared.wasm', folder), flags: `${relaxedSimd} ${sharedMemory}` },
  { file: new URL('kernels-shared-plain.wasm', folder), flags: sharedMemory },
];
const flags = '-O3 --noAssert --runtime stub --importMemory --noExportMemory --enable simd';

/** Resolves when the modules in wasm/ are up to date. */
export async function buildKernels() {
  if (targets.every(({ file }) => isUpToDate(file))) return;
  mkdirSync(folder, { recursive: true });
  for (const target of targets) await compile(target);
}

async function compile(target) {
  const asc = await import('assemblyscript/asc');
  const file = fileURLToPath(target.file);
  const unfinished = `${file}.${process.pid}`;
  const entry = fileURLToPath(new URL('index.ts', sources));
  const options = `${flags} ${target.flags}`.trim().split(' ');
  const { error, stderr } = await asc.main([entry, ...options, '--outFile', unfinished]);
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  renameSync(unfinished, file);
}

function isUpToDate(file) {
  const built = statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = readdirSync(sources).map((name) => new URL(name, sources));
  return [...inputs, new URL(import.meta.url)].every((input) => statSync(input).mtimeMs < built);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();

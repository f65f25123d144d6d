// Compiles src/learn/kernels/assembly to wasm/kernels.wasm, when the sources are newer than what is there.
import { mkdirSync, readdirSync, renameSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const sources = new URL('../src/learn/kernels/assembly/', import.meta.url);
const target = new URL('../wasm/kernels.wasm', import.meta.url);

/** Resolves when wasm/kernels.wasm is up to date. */
export async function buildKernels() {
  if (isUpToDate()) return;
  const asc = await import('assemblyscript/asc');
  mkdirSync(new URL('.', target), { recursive: true });
  const unfinished = `${fileURLToPath(target)}.${process.pid}`;
  const flags = '-O3 --noAssert --runtime stub --importMemory --noExportMemory --sharedMemory --initialMemory 1';
  const features = 'threads,simd,relaxed-simd'.split(',').flatMap((feature) => ['--enable', feature]);
  const { error, stderr } = await asc.main([
    fileURLToPath(new URL('index.ts', sources)),
    ...flags.split(' '),
    ...['--maximumMemory', '65536'],
    ...features,
    ...['--outFile', unfinished],
  ]);
  if (error) throw new Error(`The kernels do not compile: ${error.message}\n${stderr.toString()}`);
  renameSync(unfinished, target);
}

function isUpToDate() {
  const built = statSync(target, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const inputs = readdirSync(sources).map((name) => new URL(name, sources));
  return [...inputs, new URL(import.meta.url)].every((input) => statSync(input).mtimeMs < built);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildKernels();

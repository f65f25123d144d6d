import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const products: ReadonlySet<string> = new Set(['Gemm', 'FusedGemm', 'MatMul', 'FusedMatMul']);

/** The share of matrix products in what operators took, by the profile that ONNX Runtime has written to this folder. */
export async function productShareOf(folder: string): Promise<number> {
  const [file = ''] = await readdir(folder);
  const taken = { products: 0, all: 0 };
  for (const { cat, name, dur, args } of JSON.parse(await readFile(join(folder, file), 'utf8'))) {
    if (cat !== 'Node' || !name.endsWith('kernel_time')) continue;
    taken.all += dur;
    if (products.has(args.op_name)) taken.products += dur;
  }
  return taken.products / taken.all;
}

import asc from 'assemblyscript/asc';

const source = `
export function sum(begin: usize, end: usize): f32 {
  let sum0 = f32x4.splat(0);
  let sum1 = f32x4.splat(0);
  let sum2 = f32x4.splat(0);
  let sum3 = f32x4.splat(0);
  for (let at = begin; at < end; at += 64) {
    sum0 = f32x4.add(sum0, v128.load(at));
    sum1 = f32x4.add(sum1, v128.load(at, 16));
    sum2 = f32x4.add(sum2, v128.load(at, 32));
    sum3 = f32x4.add(sum3, v128.load(at, 48));
  }
  const all = f32x4.add(f32x4.add(sum0, sum1), f32x4.add(sum2, sum3));
  return f32x4.extract_lane(all, 0) + f32x4.extract_lane(all, 1) + f32x4.extract_lane(all, 2) + f32x4.extract_lane(all, 3);
}`;

const begin = 1024;

/**
 * A function that sums `numbers` (whole groups of 16) as fast as memory gives them: what reading an array costs at
 * least.
 */
export async function plainSum(numbers: Float32Array): Promise<() => number> {
  const options = { optimizeLevel: 3, noAssert: true, runtime: 'stub', importMemory: true, enable: ['simd'] };
  const { error, binary } = await asc.compileString(source, options);
  if (error || !binary) throw error ?? new Error('The sum does not compile.');
  const pages = Math.ceil((begin + numbers.byteLength) / 65_536);
  const memory = new WebAssembly.Memory({ initial: pages, maximum: pages, shared: false });
  new Float32Array(memory.buffer, begin, numbers.length).set(numbers);
  const { sum } = new WebAssembly.Instance(new WebAssembly.Module(new Uint8Array(binary)), { env: { memory } }).exports;
  if (typeof sum !== 'function') throw new Error('The sum is not exported.');
  return () => sum(begin, begin + numbers.byteLength);
}

import { instantiateKernels, kernelModule, MemoryPlan } from './wasm.ts';

/** Values that go through the kernel at a time. */
const chunk = 16_384;

let opened: ReturnType<typeof open> | undefined;

function open() {
  const plan = new MemoryPlan();
  const address = plan.take(chunk * 4);
  const memory = plan.allocate('own');
  const kernels = instantiateKernels(kernelModule('own'), memory);
  return { kernels, address, values: new Float32Array(memory.buffer, address, chunk) };
}

/** How many values are `bound` or greater: the rank of a score among all, where of equal ones it comes last. */
export function countAtLeast(values: Float32Array, bound: number): number {
  opened ??= open();
  let count = 0;
  for (let begin = 0; begin < values.length; begin += chunk) {
    const part = values.subarray(begin, begin + chunk);
    const padded = Math.ceil(part.length / 4) * 4;
    opened.values.set(part);
    // Which is not at least anything.
    opened.values.fill(Number.NaN, part.length, padded);
    count += opened.kernels.countAtLeast(opened.address, padded, bound);
  }
  return count;
}

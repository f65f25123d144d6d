import { instantiateKernels, type Kernels, kernelModule, MemoryPlan } from './wasm.ts';

/** Values that go through the kernel at a time. */
const chunk = 16_384;

let opened: { readonly kernels: Kernels; readonly address: number; readonly values: Float32Array } | undefined;

function open() {
  const plan = new MemoryPlan();
  const address = plan.take(chunk * 4);
  const memory = plan.allocate('own');
  const kernels = instantiateKernels(kernelModule('own'), memory);
  return { kernels, address, values: new Float32Array(memory.buffer, address, chunk) };
}

/** The sum of e^(value − highest), to about six digits; no value may exceed `highest`. */
export function sumExponentials(values: Float32Array, highest: number): number {
  opened ??= open();
  let sum = 0;
  for (let begin = 0; begin < values.length; begin += chunk) {
    const part = values.subarray(begin, begin + chunk);
    const whole = part.length - (part.length % 4);
    opened.values.set(part);
    sum += opened.kernels.sumExponentials(opened.address, whole, highest);
    for (let n = whole; n < part.length; n++) sum += Math.exp((part[n] ?? 0) - highest);
  }
  return sum;
}

import { uniforms } from '../../kernels/random.ts';

/** Numbers of interactions at a rate, by multiplying uniform numbers (Knuth). */
export function poissons(rate: number, seed = 1): () => number {
  const random = uniforms(seed);
  const draw = (mean: number) => {
    const end = Math.exp(-mean);
    let count = -1;
    for (let product = 1; product > end; count++) product *= random();
    return count;
  };
  // The sum of two is one of the sum of their rates, and e^−rate must not vanish.
  return () => Array.from({ length: Math.ceil(rate / 100) }, () => draw(rate / Math.ceil(rate / 100))).reduce(sum, 0);
}

const sum = (one: number, other: number) => one + other;

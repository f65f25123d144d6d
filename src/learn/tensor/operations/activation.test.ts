import fc from 'fast-check';
import { test } from 'vitest';
import { checkGradients } from '../reference/check-gradients.reference.ts';
import { runs, seeds, shapes } from '../reference/shapes.arbitrary.ts';
import { activations, softplus } from './activation.ts';

test.each(Object.entries({ ...activations, softplus }))('the gradient of %s', async (_, activation) => {
  await fc.assert(
    fc.asyncProperty(shapes(), seeds, async (shape, seed) => {
      // Away from 0, where ReLU has no slope.
      const draw = (next: () => number) => {
        const x = 1.5 * next();
        return x + 0.01 * Math.sign(x);
      };
      await checkGradients({ shapes: [shape], seed, draw, build: activation });
    }),
    runs,
  );
});

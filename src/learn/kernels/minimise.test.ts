import { expect, it } from 'vitest';
import { minimise } from './minimise.ts';

it('finds the minimum of a narrow valley', () => {
  // Rosenbrock 1960
  const point = Float64Array.of(-1.2, 1);
  const value = minimise(
    ([x = 0, y = 0], gradient) => {
      gradient[0] = -400 * x * (y - x ** 2) - 2 * (1 - x);
      gradient[1] = 200 * (y - x ** 2);
      return 100 * (y - x ** 2) ** 2 + (1 - x) ** 2;
    },
    point,
    { iterations: 200, tolerance: 0 },
  );
  expect(value).toBeLessThan(1e-10);
  expect(point[0]).toBeCloseTo(1, 4);
  expect(point[1]).toBeCloseTo(1, 4);
});

it('stays where nothing is to be gained', () => {
  const point = Float64Array.of(3);
  expect(minimise((_, gradient) => gradient.fill(0) && 7, point, { iterations: 10, tolerance: 0 })).toBe(7);
  expect(point[0]).toBe(3);
});

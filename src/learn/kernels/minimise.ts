/** A function's value at `point`; its gradient is written into `gradient`. */
export type Objective = (point: Float64Array, gradient: Float64Array) => number;

export type MinimiseOptions = {
  readonly iterations: number;
  /** It ends once a step lowers the value by less than this share of it. */
  readonly tolerance: number;
};

/** Steps that the curvature is estimated from. */
const remembered = 10;
/** Armijo's condition, and how often a step is shortened. */
const sufficient = 1e-4;
const mostCuts = 20;

/**
 * Minimises a smooth function from `point` on, in place: L-BFGS (Liu and Nocedal 1989) with backtracking.
 *
 * @returns the value that was reached
 */
export function minimise(objective: Objective, point: Float64Array, options: MinimiseOptions): number {
  const size = point.length;
  let gradient = new Float64Array(size);
  let value = objective(point, gradient);
  const steps: { readonly moved: Float64Array; readonly changed: Float64Array; readonly product: number }[] = [];
  for (let iteration = 0; iteration < options.iterations; iteration++) {
    const direction = descent(gradient, steps);
    const slope = dot(direction, gradient);
    if (!(slope < 0)) break;
    const next = new Float64Array(size);
    const nextGradient = new Float64Array(size);
    let length = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(dot(gradient, gradient))) : 1;
    let reached = Number.POSITIVE_INFINITY;
    for (let cut = 0; cut < mostCuts; cut++) {
      for (let n = 0; n < size; n++) next[n] = point[n] + length * direction[n];
      reached = objective(next, nextGradient);
      if (reached <= value + sufficient * length * slope) break;
      length *= 0.5;
    }
    if (!(reached < value)) break;
    const moved = new Float64Array(size);
    const changed = new Float64Array(size);
    for (let n = 0; n < size; n++) {
      moved[n] = next[n] - point[n];
      changed[n] = nextGradient[n] - gradient[n];
    }
    const product = dot(moved, changed);
    if (product > 1e-12) steps.push({ moved, changed, product });
    if (steps.length > remembered) steps.shift();
    point.set(next);
    gradient = nextGradient;
    const gain = value - reached;
    value = reached;
    if (gain <= options.tolerance * Math.abs(value)) break;
  }
  return value;
}

/** The direction of the next step: −H · gradient, by the two loops over what is remembered. */
function descent(
  gradient: Float64Array,
  steps: readonly { readonly moved: Float64Array; readonly changed: Float64Array; readonly product: number }[],
): Float64Array {
  const direction = gradient.slice();
  const weights: number[] = [];
  for (const step of steps.toReversed()) {
    const weight = dot(step.moved, direction) / step.product;
    weights.push(weight);
    add(direction, -weight, step.changed);
  }
  const last = steps.at(-1);
  const scale = last ? last.product / dot(last.changed, last.changed) : 1;
  for (let n = 0; n < direction.length; n++) direction[n] = direction[n] * scale;
  for (const step of steps) {
    const weight = weights.pop() ?? 0;
    add(direction, weight - dot(step.changed, direction) / step.product, step.moved);
  }
  for (let n = 0; n < direction.length; n++) direction[n] = -direction[n];
  return direction;
}

function add(target: Float64Array, factor: number, added: Float64Array): void {
  for (let n = 0; n < target.length; n++) target[n] = target[n] + factor * added[n];
}

function dot(one: Float64Array, other: Float64Array): number {
  let sum = 0;
  for (let n = 0; n < one.length; n++) sum += one[n] * other[n];
  return sum;
}

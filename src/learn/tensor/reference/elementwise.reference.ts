const bool = (value: boolean) => (value ? 1 : 0);

/** Operators that work on elements one by one; what they read is broadcast. */
export const elementwise: Readonly<Record<string, (...values: number[]) => number>> = {
  Identity: (x) => of(x),
  Cast: (x) => of(x),
  Add: (a, b) => of(a) + of(b),
  Sub: (a, b) => of(a) - of(b),
  Mul: (a, b) => of(a) * of(b),
  Div: (a, b) => of(a) / of(b),
  Max: Math.max,
  Min: Math.min,
  Equal: (a, b) => bool(a === b),
  Less: (a, b) => bool(of(a) < of(b)),
  LessOrEqual: (a, b) => bool(of(a) <= of(b)),
  And: (a, b) => bool(a !== 0 && b !== 0),
  Where: (condition, yes, no) => of(condition === 0 ? no : yes),
  Neg: (x) => -of(x),
  Sqrt: (x) => Math.sqrt(of(x)),
  Exp: (x) => Math.exp(of(x)),
  Log: (x) => Math.log(of(x)),
  Sigmoid: (x) => 1 / (1 + Math.exp(-of(x))),
  Tanh: (x) => Math.tanh(of(x)),
  Relu: (x) => Math.max(0, of(x)),
  // With the slope that the gradient of ReLU gives it.
  HardSigmoid: (x) => bool(of(x) > 0),
  Softplus: (x) => Math.max(0, of(x)) + Math.log1p(Math.exp(-Math.abs(of(x)))),
  Erf: (x) => erf(of(x)),
};

function of(value: number | undefined): number {
  if (value === undefined) throw new Error('An operator has too few inputs.');
  return value;
}

/** 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (1·3·5···(2n+1)), all of one sign (Abramowitz and Stegun 7.1.6). */
function erf(x: number): number {
  if (Math.abs(x) > 6) return Math.sign(x);
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-18 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * sum;
}

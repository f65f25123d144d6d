import type { Scope } from '../graph/scope.ts';
import { sizeAt } from '../graph/shape.ts';
import type { Value } from '../graph/value.ts';
import { type Activation, activations } from '../operations/activation.ts';
import { dropout } from '../operations/dropout.ts';
import { linear } from './linear.ts';

export type FeedForwardOptions = {
  readonly width: number;
  readonly activation?: Activation;
  /** Of the hidden values. */
  readonly dropout?: number;
};

/** To `width`, through the activation (ReLU unless given) and back. Parts `up` and `down`. */
export function feedForward(scope: Scope, x: Value, options: FeedForwardOptions): Value {
  const hidden = activations[options.activation ?? 'relu'](linear(scope.in('up'), x, options.width));
  return linear(scope.in('down'), dropout(hidden, options.dropout ?? 0), sizeAt(x.shape, -1));
}

/** Layers of these widths, with the activation between them but not after the last. Parts `0`, `1`, …. */
export function mlp(
  scope: Scope,
  x: Value,
  widths: readonly number[],
  options: { readonly activation?: Activation; readonly dropout?: number } = {},
): Value {
  const activate = activations[options.activation ?? 'relu'];
  return widths.reduce((value, width, layer) => {
    const before = layer === 0 ? value : dropout(activate(value), options.dropout ?? 0);
    return linear(scope.in(layer), before, width);
  }, x);
}

import type { Input, OperationName, Output } from '../contract/operations.ts';
import type { CallerOf, HandlersOf } from './handler.ts';

export type Dispatch = <O extends OperationName>(name: O, input: Input<O>, caller: CallerOf<O>) => Promise<Output<O>>;

/** Finds the handler of an operation: each of the contract has one. */
export function createDispatch(contributions: readonly Partial<HandlersOf<OperationName>>[]): Dispatch {
  const handlers = mergeHandlers(contributions);
  return async (name, input, caller) => {
    const handle = handlers[name];
    if (!handle) throw new Error(`${name} has no handler.`);
    return await handle(input, caller);
  };
}

function mergeHandlers(
  contributions: readonly Partial<HandlersOf<OperationName>>[],
): Partial<HandlersOf<OperationName>> {
  const names = contributions.flatMap((handlers) => Object.keys(handlers));
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${twice} has two handlers.`);
  const merged: Partial<HandlersOf<OperationName>> = {};
  for (const handlers of contributions) Object.assign(merged, handlers);
  return merged;
}

import type { Input, OperationName, Output } from '../contract/operations.ts';

/** Who is asking, as the edge has made out. */
export type Caller = {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly requestId: string;
};

export type Handler<O extends OperationName> = (input: Input<O>, caller: Caller) => Promise<Output<O>>;

/** Handlers of some operations: what one resource kind contributes. */
export type HandlersOf<O extends OperationName> = { readonly [Name in O]: Handler<Name> };

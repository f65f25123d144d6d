import type { CallOrigin } from '../access/authorisation/request-keys.ts';
import type { Principal } from '../access/principal.ts';
import type { AdminOperationName, Input, OperationName, Output } from '../contract/operations.ts';

/** Who is asking, as the edge has made out. */
export type Caller = {
  readonly account: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly requestId: string;
  /** Where the call comes from; known for operations of STS, which decide by it. */
  readonly origin?: Pick<CallOrigin, 'sourceIp' | 'secure' | 'userAgent'>;
  /** Absent where signatures are not verified. */
  readonly principal?: Principal;
};

/** Who asks an operation that needs no signature: neither the region nor the key may be known. */
export type Operator = Pick<Caller, 'account' | 'requestId'> & Partial<Caller>;

type UnsignedName = AdminOperationName | 'AssumeRoleWithWebIdentity';

type Callers = { readonly [O in OperationName]: O extends UnsignedName ? Operator : Caller };

export type CallerOf<O extends OperationName> = Callers[O];

export type Handler<O extends OperationName> = (input: Input<O>, caller: CallerOf<O>) => Promise<Output<O>>;

/** Handlers of some operations: what one resource kind contributes. */
export type HandlersOf<O extends OperationName> = { readonly [Name in O]: Handler<Name> };

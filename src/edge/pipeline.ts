import type { IncomingHttpHeaders } from 'node:http';
import type { Input, OperationName, Output } from '../contract/operations.ts';
import type { Dispatch } from '../control/dispatch.ts';
import type { Operator } from '../control/handler.ts';
import type { KnownOperation } from './addressing.ts';
import { byteOutput } from './byte-output.ts';

/** A request that has come whole. `id` is the request id of its answer. */
export type WholeRequest = {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** Names and values in turn, as they were sent. */
  readonly rawHeaders: readonly string[];
  readonly body: Buffer;
  /** The address that the connection comes from; undefined once that is closed. */
  readonly remoteAddress: string | undefined;
  /** The connection is encrypted. */
  readonly secure: boolean;
};

/** A call of an operation, once it is known who calls and with what. */
export type Call = {
  readonly request: WholeRequest;
  /** The contract's record: among other facts, the members of the input with the resources that the call acts on. */
  readonly operation: KnownOperation;
  readonly caller: Operator;
  readonly input: Input<OperationName>;
};

/** A call at its end. It lacks what was not known when it was refused: even its operation, if it addresses none. */
export type EndedCall = Pick<Call, 'request'> &
  Partial<Pick<Call, 'caller' | 'input'>> & {
    readonly operation: KnownOperation | undefined;
    /** What a step threw; undefined if the call succeeded. */
    readonly error: unknown;
    /** Of a call that succeeded. */
    readonly output?: Output<OperationName>;
  };

type Awaitable<Value> = Value | Promise<Value>;

/**
 * The steps of a call, in their order. A step that throws ends the call: a ServiceError is the caller's answer, any
 * other error is a defect. A server leaves out the optional steps in which it has nothing to do.
 */
export type Steps = {
  /** Who calls, by what the request shows. */
  readonly authenticate: (request: WholeRequest, operation: KnownOperation) => Awaitable<Operator>;
  /** The JSON value of the input, whatever it is. */
  readonly decode: (request: WholeRequest, operation: KnownOperation) => unknown;
  /** That value as the operation's input. */
  readonly validate: <O extends OperationName>(name: O, value: unknown) => Input<O>;
  /** Refuses a call that comes too soon. */
  readonly limit: (call: Call) => Awaitable<void>;
  /** Refuses a call that its caller may not make. */
  readonly authorise?: (call: Call) => Awaitable<void>;
  readonly dispatch: Dispatch;
  /**
   * What writes down calls of an operation, or requests that address none: refused ones too, before they are answered.
   * If that fails, so does the call. Undefined for those that are not written down.
   */
  readonly audit?: (operation: KnownOperation | undefined) => ((call: EndedCall) => Awaitable<void>) | undefined;
};

/** What is known of a call so far. */
type KnownCall = { caller?: Operator; input?: Input<OperationName> };

/** Takes a call through its steps. @returns the operation's output @throws what a step throws */
export async function runCall(
  steps: Steps,
  request: WholeRequest,
  operation: KnownOperation,
): Promise<Output<OperationName>> {
  const known: KnownCall = {};
  const audit = steps.audit?.(operation);
  if (audit === undefined) return answer(steps, request, operation, known);
  let output: Output<OperationName>;
  try {
    output = await answer(steps, request, operation, known);
  } catch (error) {
    await audit({ request, operation, ...known, error });
    throw error;
  }
  try {
    await audit({ request, operation, ...known, error: undefined, output });
  } catch (error) {
    // Nobody will read it, and its file is removed when it closes.
    byteOutput(operation, output)?.content.destroy();
    throw error;
  }
  return output;
}

/** All steps but the last. */
async function answer(
  steps: Steps,
  request: WholeRequest,
  operation: KnownOperation,
  known: KnownCall,
): Promise<Output<OperationName>> {
  const caller = await steps.authenticate(request, operation);
  known.caller = caller;
  const input = steps.validate(operation.name, steps.decode(request, operation));
  known.input = input;
  const call = { request, operation, caller, input };
  await steps.limit(call);
  await steps.authorise?.(call);
  return await steps.dispatch(operation.name, input, caller);
}

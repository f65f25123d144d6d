import { invalidInput, ServiceError } from '../contract/errors.ts';
import type { OperationName } from '../contract/operations.ts';
import { KeyError } from '../data/encryption/key-error.ts';
import { outageOf } from '../data/outage.ts';
import type { Dispatch } from './dispatch.ts';
import type { ControlParts } from './parts.ts';

/**
 * Has operations say what is wrong where a disk, the database or a model cannot be used: data and serve throw errors of
 * their own, which become the service's here. On a full disk deletions go ahead, in the space that is reserved for
 * them.
 */
export function withOutages(dispatch: Dispatch, { reserve, log }: Pick<ControlParts, 'reserve' | 'log'>): Dispatch {
  return async (name, input, caller) => {
    if (reserve?.isHeld === false && takesRoom(name) && !(await reserve.restore())) throw unavailable(reserve.advice);
    try {
      const call = () => dispatch(name, input, caller);
      return await (reserve && makesRoom(name) ? reserve.withRoom(call) : call());
    } catch (error) {
      throw asUnavailable(error, log, name);
    }
  };
}

/** Has the authorisation of a call say the same where what policies ask about cannot be read. */
export const withOutage =
  <Call extends { readonly operation: { readonly name: OperationName } }>(
    authorise: (call: Call) => Promise<void> | void,
    log: ControlParts['log'],
  ) =>
  async (call: Call): Promise<void> => {
    try {
      await authorise(call);
    } catch (error) {
      throw asUnavailable(error, log, call.operation.name);
    }
  };

/** The service's error for one that says that something cannot be used; any other as it is. */
function asUnavailable(error: unknown, log: ControlParts['log'], operation: OperationName): unknown {
  if (error instanceof KeyError)
    return error.kind === 'unreachable' ? unavailable(error.message) : invalidInput(error.message);
  const sentence = outageOf(error);
  if (sentence === undefined) return error;
  log.error({ err: error, operation }, sentence);
  return unavailable(sentence);
}

const unavailable = (sentence: string) => new ServiceError('ServiceUnavailable', sentence);

const makesRoom = (name: OperationName) => /^(Delete|Stop)/.test(name);
const takesRoom = (name: OperationName) => !makesRoom(name) && !/^(Describe|List|Get)/.test(name);

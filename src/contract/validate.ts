import { Compile, type Validator } from 'typebox/compile';
import { ServiceError } from './errors.ts';
import { type Input, type OperationName, operations } from './operations.ts';
import { type Reader, readerOf } from './reader.ts';
import { services } from './service.ts';
import { toServiceError } from './violations.ts';

/** Reads and checks the input of one operation. */
type Rules = { readonly read: Reader; readonly validator: Validator };

const rulesByOperation = new Map<OperationName, Rules>();

/**
 * Turns a decoded JSON body into the input of an operation: null members count as absent, unknown ones are dropped.
 *
 * @throws ServiceError SerializationException if a member has the wrong JSON type, InvalidInputException (or what the
 *   service has in its place) if one breaks a constraint, in the wording of AWS's front ends: `1 validation error
 *   detected: Value …`.
 */
export function validate<O extends OperationName>(name: O, body: unknown): Input<O> {
  try {
    return validated(name, body);
  } catch (error) {
    const { invalid } = services[operations[name].service];
    if (!(error instanceof ServiceError) || error.code !== 'InvalidInputException') throw error;
    throw new ServiceError(invalid, error.message);
  }
}

function validated<O extends OperationName>(name: O, body: unknown): Input<O> {
  const { read, validator } = rulesOf(name);
  const candidate = read(body, '');
  if (validator.Check(candidate)) return candidate as Input<O>;
  throw toServiceError(validator.Errors(candidate), candidate, operations[name].input);
}

/** Compiled on first use. */
function rulesOf(name: OperationName): Rules {
  const compiled = rulesByOperation.get(name);
  if (compiled) return compiled;
  const { input } = operations[name];
  const rules = { read: readerOf(input), validator: Compile(input) };
  rulesByOperation.set(name, rules);
  return rules;
}

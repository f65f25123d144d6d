import { Compile, type Validator } from 'typebox/compile';
import { type Input, type OperationName, operations } from './operations.ts';
import { type Reader, readerOf } from './reader.ts';
import { toServiceError } from './violations.ts';

/** How the input of an operation is read and checked. */
type Rules = { readonly read: Reader; readonly validator: Validator };

const rulesByOperation = new Map<OperationName, Rules>();

/**
 * Turns a decoded JSON body into the input of an operation: null members count as absent, unknown ones are dropped.
 *
 * @throws ServiceError SerializationException if a member has the wrong JSON type, InvalidInputException if one breaks a
 *   constraint of the contract (wording of AWS's front ends: `1 validation error detected: Value … failed to satisfy constraint: …`).
 */
export function validate<O extends OperationName>(name: O, body: unknown): Input<O> {
  const { read, validator } = rulesOf(name);
  const candidate = read(body, '');
  if (validator.Check(candidate)) return candidate as Input<O>;
  throw toServiceError(validator.Errors(candidate), candidate, operations[name].input);
}

/** Made when an operation is first asked for. */
function rulesOf(name: OperationName): Rules {
  const made = rulesByOperation.get(name);
  if (made) return made;
  const { input } = operations[name];
  const rules = { read: readerOf(input), validator: Compile(input) };
  rulesByOperation.set(name, rules);
  return rules;
}

import type { TSchema } from 'typebox';
import { Compile, type Validator } from 'typebox/compile';
import type { TLocalizedValidationError } from 'typebox/error';
import { invalidInput, ServiceError } from './errors.ts';
import { type Input, type OperationName, operations } from './operations.ts';

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
  const candidate = read(body);
  if (validator.Check(candidate)) return candidate as Input<O>;
  throw toServiceError(validator.Errors(candidate), candidate);
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

/** What a schema of shape.ts may hold inside: the members of a structure, of a list, of a map. */
type Inside = {
  readonly properties?: Readonly<Record<string, TSchema>>;
  readonly items?: TSchema;
  readonly additionalProperties?: TSchema;
  readonly timestamp?: boolean;
  readonly emptyIsAbsent?: boolean;
};

/** Gives the part of a value that a schema knows; a value of another JSON type as it is. */
type Reader = (value: unknown) => unknown;

function readerOf(schema: TSchema): Reader {
  const { properties, items, additionalProperties, timestamp }: Inside = schema;
  if (timestamp) return readTime;
  if (items) {
    const read = readerOf(items);
    return (value) => (Array.isArray(value) ? value.map(read) : value);
  }
  if (additionalProperties) {
    const reader = memberReader(additionalProperties);
    return membersReader(() => reader);
  }
  if (!properties) return (value) => value;
  const readers = new Map(Object.entries(properties).map(([key, member]) => [key, memberReader(member)]));
  return membersReader((key) => readers.get(key));
}

/** The service's own examples write times as strings, too (spec events.md §2). */
const readTime: Reader = (value) =>
  typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value;

/** Undefined is for a member that counts as absent: the JSON protocols of AWS read an explicit null as "not sent". */
function memberReader(schema: TSchema): Reader {
  const { emptyIsAbsent }: Inside = schema;
  const read = readerOf(schema);
  return (value) => (value === null || (emptyIsAbsent && value === '') ? undefined : read(value));
}

function membersReader(readerFor: (key: string) => Reader | undefined): Reader {
  return (value) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    const members: [string, unknown][] = [];
    for (const [key, member] of Object.entries(value)) {
      const known = readerFor(key)?.(member);
      if (known !== undefined) members.push([key, known]);
    }
    return Object.fromEntries(members); // of any key, `__proto__` too, a member of its own
  };
}

/** What the service says instead where these do not match their pattern (spec datasets.md §4). */
const patternWordings: Readonly<Record<string, string>> = { '/dataSource/dataLocation': 'Invalid Data location.' };

function toServiceError(errors: readonly TLocalizedValidationError[], candidate: unknown): ServiceError {
  const mistyped = errors.find((error) => error.keyword === 'type');
  if (mistyped) {
    const { type } = mistyped.params;
    return new ServiceError(
      'SerializationException',
      `${memberPath(mistyped.instancePath)} must be of JSON type ${type}.`,
    );
  }
  const unmatched = errors.filter(({ keyword }) => keyword === 'pattern');
  const [wording] = unmatched.flatMap(({ instancePath }) => patternWordings[instancePath] ?? []);
  if (wording !== undefined) return invalidInput(wording);
  const texts = errors.flatMap((error) => violations(error, candidate));
  const noun = texts.length === 1 ? 'validation error' : 'validation errors';
  return invalidInput(`${texts.length} ${noun} detected: ${texts.join('; ')}`);
}

/** One sentence per broken constraint, in the words of AWS's front ends. */
function violations(error: TLocalizedValidationError, candidate: unknown): string[] {
  const path = memberPath(error.instancePath);
  const value = valueAt(candidate, error.instancePath);
  const failed = (constraint: string) => [
    `Value ${show(value)} at '${path}' failed to satisfy constraint: ${constraint}`,
  ];
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map(
        (member) =>
          `Value null at '${error.instancePath === '' ? member : `${path}.${member}`}' failed to satisfy constraint: Member must not be null`,
      );
    case 'minLength':
    case 'minItems':
      return failed(`Member must have length greater than or equal to ${error.params.limit}`);
    case 'maxLength':
    case 'maxItems':
    case 'maxProperties':
      return failed(`Member must have length less than or equal to ${error.params.limit}`);
    case 'minimum':
      return failed(`Member must have value greater than or equal to ${error.params.limit}`);
    case 'maximum':
      return failed(`Member must have value less than or equal to ${error.params.limit}`);
    case 'pattern':
      return failed(`Member must satisfy regular expression pattern: ${modelPattern(String(error.params.pattern))}`);
    case 'enum':
      return failed(`Member must satisfy enum value set: [${error.params.allowedValues.join(', ')}]`);
    default:
      // A map reports the broken key or value itself; the map's own summary says nothing new.
      return error.keyword === 'propertyNames' || error.keyword === 'additionalProperties' ? [] : failed(error.message);
  }
}

/** `/tags/0/tagKey` as AWS writes it: `tags.1.member.tagKey`. */
function memberPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return (
    steps.map((step) => (/^\d+$/.test(step) ? `${Number(step) + 1}.member` : unescapePointer(step))).join('.') || 'body'
  );
}

function valueAt(root: unknown, pointer: string): unknown {
  let value = root;
  for (const step of pointer.split('/').slice(1)) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = Object.entries(value).find(([key]) => key === unescapePointer(step))?.[1];
  }
  return value;
}

const unescapePointer = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** Undoes the anchoring of shape.ts. */
const modelPattern = (anchored: string) => anchored.replace(/^\^\(\?:(.*)\)\$$/s, '$1');

const longestShownValue = 256;

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = text.length > longestShownValue ? `${text.slice(0, longestShownValue)}…` : text;
  return `'${shown}'`;
}

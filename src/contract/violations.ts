import type { TSchema } from 'typebox';
import type { TLocalizedValidationError } from 'typebox/error';
import { invalidInput, ServiceError } from './errors.ts';

/** The service's own messages for members that do not match their pattern (spec datasets.md §4). */
const patternWordings: Readonly<Record<string, string>> = { '/dataSource/dataLocation': 'Invalid Data location.' };

/** The error that reports these violations, in the wording of AWS's front ends. */
export function toServiceError(
  errors: readonly TLocalizedValidationError[],
  candidate: unknown,
  schema: TSchema,
): ServiceError {
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
  return detected(errors.flatMap((error) => violations(error, candidate, schema)));
}

/** The error for a text, list or map that exceeds its maximum. */
export const tooLong = (value: string | object, path: string, max: number): ServiceError =>
  detected([failed(value, path, `Member must have length less than or equal to ${max}`)]);

function detected(texts: readonly string[]): ServiceError {
  const noun = texts.length === 1 ? 'validation error' : 'validation errors';
  return invalidInput(`${texts.length} ${noun} detected: ${texts.join('; ')}`);
}

const missing = (path: string) => `Value null at '${path}' failed to satisfy constraint: Member must not be null`;

const failed = (value: unknown, path: string, constraint: string) =>
  `Value ${show(value)} at '${path}' failed to satisfy constraint: ${constraint}`;

/** One sentence per broken constraint, in the wording of AWS's front ends. */
function violations(error: TLocalizedValidationError, candidate: unknown, schema: TSchema): string[] {
  const path = memberPath(error.instancePath);
  const value = valueAt(candidate, error.instancePath);
  const broken = (constraint: string) => [failed(value, path, constraint)];
  switch (error.keyword) {
    case 'required':
      return error.params.requiredProperties.map((member) =>
        missing(error.instancePath === '' ? member : `${path}.${member}`),
      );
    case 'minLength':
    case 'minItems':
      return broken(`Member must have length greater than or equal to ${error.params.limit}`);
    case 'minimum':
      return broken(`Member must have value greater than or equal to ${error.params.limit}`);
    case 'maximum':
      return broken(`Member must have value less than or equal to ${error.params.limit}`);
    case 'pattern':
      return broken(`Member must satisfy regular expression pattern: ${modelPattern(schema, error.schemaPath)}`);
    case 'enum':
      return broken(`Member must satisfy enum value set: [${error.params.allowedValues.join(', ')}]`);
    default:
      // A map's summary repeats the error that its broken key or value reports itself.
      return error.keyword === 'propertyNames' || error.keyword === 'additionalProperties' ? [] : broken(error.message);
  }
}

/** Writes `/tags/0/tagKey` as AWS does: `tags.1.member.tagKey`. */
function memberPath(pointer: string): string {
  const steps = pointer.split('/').slice(1);
  return (
    steps.map((step) => (/^\d+$/.test(step) ? `${Number(step) + 1}.member` : unescapePointer(step))).join('.') || 'body'
  );
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function valueAt(root: unknown, pointer: string): unknown {
  return pointer
    .split('/')
    .slice(1)
    .reduce((value: unknown, step) => (isObject(value) ? value[unescapePointer(step)] : undefined), root);
}

const unescapePointer = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~');

/** The service model's text of a pattern, for messages. */
function modelPattern(schema: TSchema, pointer: string): string {
  const broken: unknown = valueAt(schema, pointer);
  return isObject(broken) ? String(broken.modelPattern) : '';
}

const longestShownValue = 256;

function show(value: unknown): string {
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const shown = text.length > longestShownValue ? `${text.slice(0, longestShownValue)}…` : text;
  return `'${shown}'`;
}

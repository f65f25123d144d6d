import type { Json } from './document.ts';
import { MalformedPolicyError } from './malformed-policy.ts';

/**
 * One text or a list of them; numbers and truth values count as texts.
 *
 * @throws MalformedPolicyError for anything else
 */
export function textsOf(place: string, given: Json): string[] {
  const isList = isArray(given);
  return (isList ? given : [given]).map((value, index) => {
    if (typeof value === 'string') return value;
    if (typeof value === 'boolean') return String(value);
    const at = isList ? `${place}[${index}]` : place;
    if (typeof value !== 'number') throw new MalformedPolicyError(at, 'Syntax errors in policy. It must be a text.');
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
      throw new MalformedPolicyError(at, 'A number of so many digits must stand between quotes.');
    }
    return String(value);
  });
}

const isArray = (value: Json): value is readonly Json[] => Array.isArray(value);

import type { Context } from './context.ts';
import { Glob } from './glob.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { readTemplate, Template, type TemplatePart, withoutVariables } from './template.ts';

/** The components of an ARN: arn, partition, service, region, account, resource. Only the last may have colons. */
const components = 6;

/**
 * `service:Action` with wildcards, or `*`. It has any case; the glob is for names in lower case.
 *
 * @throws MalformedPolicyError
 */
export function readAction(place: string, text: string): Glob {
  const [vendor = '', name, ...more] = text.split(':');
  if (name === undefined && text !== '*') {
    throw new MalformedPolicyError(place, 'Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.');
  }
  if (more.length > 0) throw new MalformedPolicyError(place, 'Actions/Condition can contain only one colon.');
  if (!/^(\*|[a-z\d.-]+)$/i.test(vendor)) throw new MalformedPolicyError(place, `Vendor ${vendor} is not valid`);
  if (name !== undefined && !/^[\w*?-]+$/.test(name)) {
    throw new MalformedPolicyError(place, `Action ${text} must have a name of letters, digits, * and ?.`);
  }
  const parts = readTemplate(place, text.toLowerCase(), { variables: false, wildcards: true });
  return new Glob(withoutVariables(parts));
}

/**
 * An ARN with wildcards, or `*`. In its first five components, a wildcard takes no colon, except for a `*` that ends a
 * component. Variables stand in the last component.
 *
 * @throws MalformedPolicyError
 */
export function readResource(place: string, text: string, variables: boolean): Template {
  const reading = { variables, wildcards: true };
  if (text === '*') return new Template(readTemplate(place, text, reading));
  if (!/^arn:[^:]+:[^:]*/.test(text)) {
    throw new MalformedPolicyError(place, `Resource ${text} must be in ARN format or "*".`);
  }
  const [, partition = '', vendor = ''] = text.split(':');
  if (!/^[\w*?-]+$/.test(partition)) {
    throw new MalformedPolicyError(place, `Partition "${partition}" is not valid for resource "${text}".`);
  }
  if (vendor === '') throw new MalformedPolicyError(place, 'Resource vendor must be fully qualified.');
  return new Template(withinComponents(place, text, readTemplate(place, text, reading)));
}

/** Takes colons from the wildcards that do not go beyond their component. */
function withinComponents(place: string, text: string, parts: readonly TemplatePart[]): TemplatePart[] {
  let component = 1;
  return parts.map((part, index) => {
    if (typeof part === 'string') {
      component += part.split(':').length - 1;
      return part;
    }
    if (component >= components) return part;
    if (part.kind === 'variable') {
      throw new MalformedPolicyError(place, `Resource ${text} has a variable before its fifth colon.`);
    }
    const next = parts[index + 1];
    const endsComponent = next === undefined || (typeof next === 'string' && next.startsWith(':'));
    return { ...part, colons: part.takes === 'many' && endsComponent };
  });
}

/** Whether a text is the ARN that a pattern is for. */
export type ArnPattern = { readonly matches: (arn: string, context: Context) => boolean };

/**
 * An ARN with wildcards as conditions compare it: component by component. If a pattern has fewer than six, its last one
 * is for all the rest.
 *
 * @throws MalformedPolicyError
 */
export function readArn(place: string, text: string, variables: boolean): ArnPattern {
  const split = splitAtColons(readTemplate(place, text, { variables, wildcards: true }));
  const constant = split.map(withoutVariables);
  if (constant.flat().length < split.flat().length) {
    const templates = split.map((parts) => new Template(parts));
    return { matches: (arn, context) => matchesEach(templates, arn, context) };
  }
  // Component by component is what one pattern does whose wildcards, but for the last component, take no colons.
  const last = split.length - 1;
  const joined = constant.flatMap((parts, at) => [
    ...(at > 0 ? [':'] : []),
    ...parts.map((part) => (typeof part === 'string' ? part : { ...part, colons: at === last })),
  ]);
  const glob = new Glob(joined);
  return { matches: (arn) => glob.matches(arn) };
}

/** The value of a variable stays in its component, even if there are colons in it. */
function matchesEach(templates: readonly Template[], arn: string, context: Context): boolean {
  const values = cut(arn, templates.length);
  return templates.every((template, at) => {
    const value = values[at];
    return value !== undefined && template.matches(value, context);
  });
}

/** Up to six components of a pattern. A variable is in one of them, whatever its value. */
function splitAtColons(parts: readonly TemplatePart[]): TemplatePart[][] {
  let last: TemplatePart[] = [];
  const all = [last];
  for (const part of parts) {
    const [first = '', ...more] = typeof part === 'string' ? cut(part, components - all.length + 1) : [part];
    if (first !== '') last.push(first);
    for (const text of more) {
      last = text === '' ? [] : [text];
      all.push(last);
    }
  }
  return all;
}

/** Cuts text at its first colons into at most `count` pieces. */
function cut(text: string, count: number): string[] {
  const pieces = text.split(':');
  return pieces.length <= count ? pieces : [...pieces.slice(0, count - 1), pieces.slice(count - 1).join(':')];
}

import { type Condition, readConditions } from './condition.ts';
import type { Context } from './context.ts';
import { isObject, type Json, type JsonObject } from './document.ts';
import type { Glob } from './glob.ts';
import { MalformedPolicyError } from './malformed-policy.ts';
import { readAction, readResource } from './patterns.ts';
import { type Principals, readPrincipals } from './requester.ts';
import type { Template } from './template.ts';
import { textsOf } from './texts.ts';

/** What is asked of policies. */
export type AccessRequest = {
  /** Such as `personalize:CreateSolution`. */
  readonly action: string;
  /** An ARN, or `*` for an action that has no resource. */
  readonly resource: string;
  readonly context: Context;
};

/** Patterns of an element and its `Not…` form. */
type Patterns<Pattern> = {
  /** The element with them, such as NotAction. */
  readonly element: string;
  readonly negated: boolean;
  readonly texts: readonly string[];
  readonly patterns: readonly Pattern[];
};

/** A statement that has been read and compiled. */
export type Statement = {
  /** From 0. */
  readonly index: number;
  readonly sid: string | undefined;
  readonly effect: 'Allow' | 'Deny';
  readonly actions: Patterns<Glob>;
  /** Undefined in trust policies, which belong to one resource. */
  readonly resources: Patterns<Template> | undefined;
  /** Undefined in policies of an identity, which are about that one. */
  readonly principals: Principals | undefined;
  readonly conditions: readonly Condition[];
};

/** Which elements a document of a sort has. */
export type Elements = { readonly principals: boolean; readonly resources: boolean; readonly variables: boolean };

const known = new Set([
  ...['Sid', 'Effect', 'Principal', 'NotPrincipal', 'Action', 'NotAction', 'Resource', 'NotResource', 'Condition'],
]);

/** @throws MalformedPolicyError */
export function readStatement(place: string, index: number, given: Json, elements: Elements): Statement {
  if (!isObject(given)) throw new MalformedPolicyError(place, 'Syntax errors in policy. It must be a JSON object.');
  const unknown = Object.keys(given).find((element) => !known.has(element));
  if (unknown !== undefined) {
    throw new MalformedPolicyError(place, `Syntax errors in policy. A statement has no element ${unknown}.`);
  }
  const { Effect: effect, Condition: condition } = given;
  if (effect !== 'Allow' && effect !== 'Deny') {
    throw new MalformedPolicyError(`${place}.Effect`, 'Syntax errors in policy. It must be "Allow" or "Deny".');
  }
  return {
    index,
    sid: readSid(`${place}.Sid`, given.Sid),
    effect,
    principals: readPrincipalsOf(place, given, elements),
    actions: readActions(place, given),
    resources: readResources(place, given, elements),
    conditions: condition === undefined ? [] : readConditions(`${place}.Condition`, condition, elements.variables),
  };
}

function readSid(place: string, sid: Json | undefined): string | undefined {
  if (sid === undefined || sid === '') return undefined;
  if (typeof sid === 'string' && /^[\w -]+$/.test(sid)) return sid;
  throw new MalformedPolicyError(place, 'Statement IDs (SID) must be alpha-numeric.');
}

function readPrincipalsOf(place: string, statement: JsonObject, { principals }: Elements): Principals | undefined {
  const found = onlyOne(place, statement, 'Principal');
  if (!principals && found) throw new MalformedPolicyError(place, 'Policy document should not specify a principal.');
  if (!principals) return undefined;
  if (!found) throw new MalformedPolicyError(place, 'Missing required field Principal');
  return readPrincipals(`${place}.${found.element}`, found.value, found.negated);
}

function readActions(place: string, statement: JsonObject): Patterns<Glob> {
  const found = onlyOne(place, statement, 'Action');
  const texts = found ? textsOf(`${place}.${found.element}`, found.value) : [];
  if (!found || texts.length === 0) throw new MalformedPolicyError(place, 'Policy statement must contain actions.');
  const { element, negated } = found;
  const patterns = texts.map((text, at) => readAction(placeOf(`${place}.${element}`, texts, at), text));
  return { element, negated, texts, patterns };
}

function readResources(
  place: string,
  statement: JsonObject,
  { resources, variables }: Elements,
): Patterns<Template> | undefined {
  const found = onlyOne(place, statement, 'Resource');
  if (!resources && found) throw new MalformedPolicyError(place, 'Has prohibited field Resource.');
  if (!resources) return undefined;
  const texts = found ? textsOf(`${place}.${found.element}`, found.value) : [];
  if (!found || texts.length === 0) throw new MalformedPolicyError(place, 'Policy statement must contain resources.');
  const { element, negated } = found;
  const patterns = texts.map((text, at) => readResource(placeOf(`${place}.${element}`, texts, at), text, variables));
  return { element, negated, texts, patterns };
}

const placeOf = (element: string, texts: readonly string[], at: number) =>
  texts.length > 1 ? `${element}[${at}]` : element;

type FoundElement = { readonly element: string; readonly value: Json; readonly negated: boolean };

/** An element or its `Not…` form. A statement has not both. */
function onlyOne(place: string, statement: JsonObject, name: string): FoundElement | undefined {
  const [plain, not] = [statement[name], statement[`Not${name}`]];
  if (plain !== undefined && not !== undefined) {
    throw new MalformedPolicyError(place, `Syntax errors in policy. It has both ${name} and Not${name}.`);
  }
  if (plain !== undefined) return { element: name, value: plain, negated: false };
  return not === undefined ? undefined : { element: `Not${name}`, value: not, negated: true };
}

/** @param action in lower case */
export const coversAction = ({ actions }: Statement, action: string): boolean =>
  actions.patterns.some((pattern) => pattern.matches(action)) !== actions.negated;

export const coversResource = ({ resources }: Statement, { resource, context }: AccessRequest): boolean =>
  resources === undefined ||
  resources.patterns.some((pattern) => pattern.matches(resource, context)) !== resources.negated;

/** Whether the same resources are covered whatever else a request says. */
export const coversConstantly = ({ resources }: Statement): boolean =>
  resources?.patterns.every(({ isConstant }) => isConstant) ?? true;

/** A loop: a principal may have hundreds of statements about an action. */
export function meetsConditions({ conditions }: Statement, { context }: AccessRequest): boolean {
  for (const condition of conditions) if (!condition.holds(context)) return false;
  return true;
}

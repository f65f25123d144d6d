import { calledName, type Identity, type Operation } from '../../contract/operation.ts';
import { services } from '../../contract/service.ts';
import { type AnyInput, createdArn } from './created-arn.ts';

/** An action that policies must allow for a call, on one resource. */
export type Need = {
  /** Such as `personalize:CreateSolution`. */
  readonly action: string;
  /** An ARN, or `*` where the action has no resource. */
  readonly resource: string;
  /** The resource exists if the call is in order, and its tags are keys of the request. */
  readonly isThere: boolean;
  /** What the input says for conditions, by key in lower case. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
};

type Scope = {
  /** Who calls, and where: both are parts of the ARN of what is created. */
  readonly account: string;
  readonly region?: string | undefined;
  /** The ARN of what the operation acts on in IAM. */
  readonly identity?: string | undefined;
};

type NamedOperation = Pick<
  Operation,
  'name' | 'calledAs' | 'service' | 'resources' | 'creates' | 'actsOn' | 'passesRole' | 'needsPermission'
>;

const service = 'personalize.amazonaws.com';

/** The action that policies know an operation by, such as `openpersonalize:ListEvents` for one of the server itself. */
export const actionOf = (operation: Pick<NamedOperation, 'name' | 'calledAs' | 'service'>): string =>
  `${services[operation.service].actionPrefix}:${calledName(operation)}`;

/**
 * What a call needs, all of which must be allowed: the operation on each resource that it acts on, the new one too; to
 * tag the new one if it is to have tags; to pass the role that is named.
 */
export function needsOf(operation: NamedOperation, input: AnyInput, scope: Scope): Need[] {
  if (operation.needsPermission === false) return [];
  const keys = keysOf(input);
  const action = actionOf(operation);
  const { created, tagging } = createdBy(operation, input, scope);
  const needs: Need[] = [];
  const exists = (resource: string | undefined) => {
    if (resource !== undefined) needs.push({ action, resource, isThere: true, keys });
  };
  for (const member of operation.resources) exists(textAt(input, member));
  if (operation.actsOn && created === undefined) exists(scope.identity);
  if (created !== undefined) {
    needs.push({ action, resource: created, isThere: false, keys });
    if (keys.has('aws:tagkeys')) needs.push({ action: tagging, resource: created, isThere: false, keys });
  }
  if (needs.length === 0) needs.push({ action, resource: '*', isThere: false, keys });
  const role = operation.passesRole === undefined ? undefined : textAt(input, operation.passesRole);
  if (role === undefined) return needs;
  const passed = new Map([['iam:passedtoservice', [service]]]);
  return [...needs, { action: 'iam:PassRole', resource: role, isThere: false, keys: passed }];
}

/** The ARN of what a call creates, and the action of giving it tags. */
function createdBy({ creates, actsOn }: NamedOperation, input: AnyInput, { account, region, identity }: Scope) {
  if (actsOn?.creates) return { created: identity, tagging: taggingActions[actsOn.kind] };
  const tagging = 'personalize:TagResource';
  if (creates === undefined) return { created: undefined, tagging };
  if (region === undefined) throw new Error('Only a call that names a region can create something.');
  return { created: createdArn(creates, input, { account, region }), tagging };
}

const taggingActions: Readonly<Record<Identity['kind'], string>> = {
  user: 'iam:TagUser',
  role: 'iam:TagRole',
  policy: 'iam:TagPolicy',
  'oidc-provider': 'iam:TagOpenIDConnectProvider',
};

/** The text at a path such as `metricsOutputConfig.roleArn`. */
function textAt(input: AnyInput, path: string): string | undefined {
  let value: unknown = input;
  for (const member of path.split('.')) value = isObject(value) ? value[member] : undefined;
  return typeof value === 'string' ? value : undefined;
}

const isObject = (value: unknown): value is AnyInput => typeof value === 'object' && value !== null;

const noKeys: ReadonlyMap<string, readonly string[]> = new Map();

/** The tags that an input adds, or the keys of those that it removes, and what it gives to a user or role. */
function keysOf({ tags, tagKeys, policyArn, permissionsBoundary }: AnyInput): ReadonlyMap<string, readonly string[]> {
  if ((tags ?? tagKeys ?? policyArn ?? permissionsBoundary) === undefined) return noKeys;
  const keys = new Map<string, readonly string[]>();
  if (typeof policyArn === 'string') keys.set('iam:policyarn', [policyArn]);
  if (typeof permissionsBoundary === 'string') keys.set('iam:permissionsboundary', [permissionsBoundary]);
  if (tags === undefined && tagKeys === undefined) return keys;
  const added = Array.isArray(tags) ? tags.flatMap((tag: unknown) => tagOf(tag) ?? []) : [];
  const removed = Array.isArray(tagKeys) ? tagKeys.filter((key) => typeof key === 'string') : [];
  addTags(keys, 'aws:requesttag/', added);
  const named = [...added.map(({ key }) => key), ...removed];
  if (named.length > 0) keys.set('aws:tagkeys', named);
  return keys;
}

/** IAM calls the parts of a tag otherwise than Personalize. */
function tagOf(tag: unknown) {
  const { tagKey, tagValue, key = tagKey, value = tagValue }: AnyInput = isObject(tag) ? tag : {};
  return typeof key === 'string' ? { key, value: String(value) } : undefined;
}

/** Adds tags as keys. A key of a condition has any case, so tags whose keys differ only in case have one key. */
export function addTags(
  keys: Map<string, readonly string[] | undefined>,
  prefix: string,
  tags: readonly { readonly key: string; readonly value: string }[],
): void {
  for (const { key, value } of tags) {
    const name = prefix + key.toLowerCase();
    keys.set(name, [...(keys.get(name) ?? []), value]);
  }
}

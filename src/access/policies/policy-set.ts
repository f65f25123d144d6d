import { LRUCache } from 'lru-cache';
import type { Policy } from './policy.ts';
import {
  type AccessRequest,
  coversAction,
  coversConstantly,
  coversResource,
  meetsConditions,
  type Statement,
} from './statement.ts';

/** A policy by the name under which people know it. */
export type NamedPolicy = { readonly name: string; readonly policy: Policy };

/** A statement with the policy that it is of. */
export type NamedStatement = { readonly policy: string; readonly statement: Statement };

type Candidate = NamedStatement & {
  /** The resource still has to be looked at, because the request's variables have a say in it. */
  readonly asksResource: boolean;
};

/** Pairs of an action and a resource that are remembered: those that a principal uses over and over. */
const rememberedPairs = 256;

/**
 * Policies that count as one, such as all of a user. Which statements are about an action and a resource is remembered:
 * mostly it depends on nothing else. Denials come first among them, because one of them ends the matter.
 */
export class PolicySet {
  readonly policies: readonly NamedPolicy[];
  /** One of them may ask for tags of resources. */
  readonly readsResourceTags: boolean;
  readonly #candidates = new LRUCache<string, readonly Candidate[]>({ max: rememberedPairs });

  constructor(policies: readonly NamedPolicy[]) {
    this.policies = policies;
    this.readsResourceTags = policies.some(({ policy }) => policy.readsResourceTags);
  }

  /** The statement that decides: a Deny that applies, else the first Allow; undefined where none applies. */
  decisive(request: AccessRequest): NamedStatement | undefined {
    for (const candidate of this.#candidatesFor(request)) {
      const { statement, asksResource } = candidate;
      if (meetsConditions(statement, request) && !(asksResource && !coversResource(statement, request))) {
        return candidate;
      }
    }
    return undefined;
  }

  #candidatesFor(request: AccessRequest): readonly Candidate[] {
    const pair = `${request.action}\n${request.resource}`;
    const known = this.#candidates.get(pair);
    if (known) return known;
    const found = this.#find(request);
    const isDenial = ({ statement }: NamedStatement) => statement.effect === 'Deny';
    const inOrder = [...found.filter(isDenial), ...found.filter((one) => !isDenial(one))];
    this.#candidates.set(pair, inOrder);
    return inOrder;
  }

  #find(request: AccessRequest): Candidate[] {
    const action = request.action.toLowerCase();
    return this.policies.flatMap(({ name, policy }) =>
      policy.statements.flatMap((statement) => {
        if (!coversAction(statement, action)) return [];
        const asksResource = !coversConstantly(statement);
        return asksResource || coversResource(statement, request) ? { policy: name, statement, asksResource } : [];
      }),
    );
  }
}

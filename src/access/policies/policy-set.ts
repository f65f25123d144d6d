import type { Policy } from './policy.ts';
import { type AccessRequest, coversAction, coversResource, meetsConditions, type Statement } from './statement.ts';

/** A policy by the name under which people know it. */
export type NamedPolicy = { readonly name: string; readonly policy: Policy };

/** A statement with the policy that it is of. */
export type NamedStatement = { readonly policy: string; readonly statement: Statement };

/** So many actions are remembered: a server has far fewer, but `explain` is asked of any. */
const rememberedActions = 1_000;

/**
 * Policies that count as one, such as all of a user. Which statements are about an action is found out once: it does
 * not depend on the request. Denials come first among them, because one of them ends the matter.
 */
export class PolicySet {
  readonly policies: readonly NamedPolicy[];
  readonly #byAction = new Map<string, readonly NamedStatement[]>();

  constructor(policies: readonly NamedPolicy[]) {
    this.policies = policies;
  }

  /** The statement that decides: a Deny that applies, else the first Allow; undefined where none applies. */
  decisive(request: AccessRequest): NamedStatement | undefined {
    return this.#statementsOn(request.action).find(
      ({ statement }) => coversResource(statement, request) && meetsConditions(statement, request),
    );
  }

  #statementsOn(givenAction: string): readonly NamedStatement[] {
    const known = this.#byAction.get(givenAction);
    if (known) return known;
    const action = givenAction.toLowerCase();
    const found = this.policies.flatMap(({ name, policy }) =>
      policy.statements
        .filter((statement) => coversAction(statement, action))
        .map((statement) => ({ policy: name, statement })),
    );
    const isDenial = ({ statement }: NamedStatement) => statement.effect === 'Deny';
    const inOrder = [...found.filter(isDenial), ...found.filter((one) => !isDenial(one))];
    if (this.#byAction.size < rememberedActions) this.#byAction.set(givenAction, inOrder);
    return inOrder;
  }
}

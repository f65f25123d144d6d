import type { TObject, TProperties } from 'typebox';
import type { ResourceKind } from './arn.ts';
import type { ModelledError } from './errors.ts';
import type { Service } from './service.ts';

/** Something of an account that IAM knows. */
export type Identity<Member extends string = string> = {
  readonly kind: 'user' | 'role' | 'policy' | 'oidc-provider';
  /** The member of the input with its name; if that is absent, it is the user who calls. */
  readonly member: Member;
  /** It is made by the operation, below the `path` of the input. */
  readonly creates?: true;
};

/** One operation of the contract: validation, dispatch and the typed handler follow from this record. */
export type Operation<
  Name extends string = string,
  In extends TProperties = TProperties,
  Out extends TProperties = TProperties,
> = {
  /** No other operation of any service has it. */
  readonly name: Name;
  /** What clients and policies call it, if another service has an operation of that name. */
  readonly calledAs?: string;
  readonly service: Service;
  /**
   * The path of a REST-JSON operation. If absent, it is AWS JSON 1.1, addressed by `X-Amz-Target`, or the query
   * protocol, addressed by `Action`, as the service has it.
   */
  readonly path?: string;
  /** GET: the input is in the query of the URL. If absent, it is POST: the input is a JSON body. */
  readonly method?: 'GET';
  /** If false, everybody may call it who has signed. */
  readonly needsPermission?: false;
  /**
   * What a caller shows instead of a signature: nothing, the token that stands in the home of the server, or one of
   * another issuer in the input, which the operation verifies itself.
   */
  readonly shows?: 'nothing' | 'token' | 'issued token';
  readonly input: TObject<In>;
  readonly output: TObject<Out>;
  /** The member of the output that is the body of the answer, as bytes. If absent, the output is JSON. */
  readonly payload?: keyof Out & string;
  /** Members of the input with ARNs that the operation acts on: the caller needs permission on each that is given. */
  readonly resources: readonly (keyof In & string)[];
  /** The kind of resource that the operation creates: the caller needs permission on the new ARN, too. */
  readonly creates?: ResourceKind;
  /** What the operation acts on in IAM by its name: the caller needs permission on its ARN, too. */
  readonly actsOn?: Identity<keyof In & string>;
  /** Members with ARNs on which the caller needs no permission, as paths such as `promotions.*.filterArn`. */
  readonly refersTo?: readonly string[];
  /** The member with the ARN of a role for the service: if it is given, the caller needs `iam:PassRole` on it. */
  readonly passesRole?: string;
  /** The exceptions that the service model declares for the operation. */
  readonly errors: readonly ModelledError[];
  readonly idempotent?: true;
  /** It changes nothing, though its name does not begin with Describe, List, Get or Explain. */
  readonly readOnly?: true;
};

/** What clients and policies call an operation. */
export const calledName = ({ name, calledAs }: Pick<Operation, 'name' | 'calledAs'>): string => calledAs ?? name;

export function operation<Name extends string, In extends TProperties, Out extends TProperties>(
  record: Operation<Name, In, Out>,
): Operation<Name, In, Out> {
  return record;
}

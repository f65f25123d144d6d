import { boolean, Empty, enumeration, list, optional, string, structure } from '../shape.ts';
import { AccountId, ofOperators, UserName } from './operators.ts';

const PolicyName = string({ min: 1, max: 128, pattern: '[\\w+=,.@-]+' });
const Document = string({ min: 1, max: 131_072 });

/** A name, or an ARN. */
const PolicyRef = string({ min: 1, max: 2048 });

/** Whose policy: a user's or a role's. */
const holder = { account: AccountId, user: optional(UserName), role: optional(UserName) };

const operation = ofOperators([
  'InvalidInputException',
  'ResourceNotFoundException',
  'ResourceInUseException',
  'LimitExceededException',
]);

const ListedPolicy = structure({
  name: string(),
  /** Absent for an inline policy. */
  arn: optional(string()),
  document: string(),
});

/** Makes a policy that users and roles of the account can have attached, in place of one of that name. */
export const PutPolicy = operation(
  'PutPolicy',
  structure({ account: AccountId, name: PolicyName, document: Document }),
  structure({ arn: string() }),
);

export const RemovePolicy = operation('RemovePolicy', structure({ account: AccountId, policy: PolicyRef }), Empty);

export const AttachPolicy = operation(
  'AttachPolicy',
  structure({ ...holder, policy: PolicyRef }),
  structure({ arn: string() }),
);

export const DetachPolicy = operation('DetachPolicy', structure({ ...holder, policy: PolicyRef }), Empty);

/** Gives a user or a role a policy of its own, in place of one of that name. */
export const PutInlinePolicy = operation(
  'PutInlinePolicy',
  structure({ ...holder, name: PolicyName, document: Document }),
  Empty,
);

export const RemoveInlinePolicy = operation('RemoveInlinePolicy', structure({ ...holder, name: PolicyName }), Empty);

/** The policies of a user or a role; without either, those that can be attached. */
export const ListPolicies = operation(
  'ListPolicies',
  structure(holder),
  structure({ attached: list(ListedPolicy), inline: list(ListedPolicy) }),
);

const StatementExplanation = structure({
  policyType: string(),
  policy: string(),
  /** Its Sid, or its number from 1. */
  statement: string(),
  effect: enumeration(['Allow', 'Deny']),
  applies: boolean(),
  /** Why it does not apply. */
  because: list(string()),
});

/** Whether a user or a role may do something, and what each statement of its policies says to it. */
export const ExplainAccess = operation(
  'ExplainAccess',
  structure({
    /** The ARN of a user or a role, or of an account's root. */
    principal: string({ min: 1, max: 2048 }),
    action: string({ min: 1, max: 256 }),
    /** `*` if it is absent. */
    resource: optional(string({ min: 1, max: 2048 })),
    /** Keys of the request besides those of the user and the tags of the resource. */
    keys: optional(list(structure({ key: string({ min: 1, max: 256 }), value: string({ max: 2048 }) }), { max: 100 })),
  }),
  structure({
    allowed: boolean(),
    /** What a caller would be told; absent where it is allowed. */
    message: optional(string()),
    statements: list(StatementExplanation),
  }),
);

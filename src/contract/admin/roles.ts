import { Empty, integer, list, optional, string, structure } from '../shape.ts';
import { Milliseconds } from './common.ts';
import { AccountId, ofOperators, UserName } from './operators.ts';

const RoleName = UserName;
const Document = string({ min: 1, max: 131_072 });

/** A name, or an ARN. */
const PolicyRef = string({ min: 1, max: 2048 });

const Tag = structure({ key: string({ min: 1, max: 128 }), value: string({ max: 256 }) });
const Tags = list(Tag, { max: 50 });

const operation = ofOperators([
  'InvalidInputException',
  'ResourceNotFoundException',
  'ResourceAlreadyExistsException',
  'ResourceInUseException',
  'LimitExceededException',
]);

/** What can be said of a role, a user or either: one of the two. */
const holder = { account: AccountId, user: optional(UserName), role: optional(RoleName) };

export const AddRole = operation(
  'AddRole',
  structure({
    account: AccountId,
    name: RoleName,
    /** Document that says who may assume it. */
    trustPolicy: Document,
    path: optional(string({ min: 1, max: 512 })),
    description: optional(string({ max: 1000 })),
    maxSessionSeconds: optional(integer({ min: 3_600, max: 43_200 })),
    boundary: optional(PolicyRef),
    tags: optional(Tags),
    /** Policies that it has from the start. */
    policies: optional(list(PolicyRef, { max: 50 })),
  }),
  structure({ arn: string() }),
);

/** Says who may assume a role. */
export const PutTrust = operation(
  'PutTrust',
  structure({ account: AccountId, role: RoleName, document: Document }),
  Empty,
);

/** Deletes a role with its policies, and ends its sessions. */
export const RemoveRole = operation('RemoveRole', structure({ account: AccountId, name: RoleName }), Empty);

export const ListAccountRoles = operation(
  'ListAccountRoles',
  structure({ account: optional(AccountId) }),
  structure({
    roles: list(
      structure({
        arn: string(),
        description: string(),
        maxSessionSeconds: integer(),
        trustPolicy: string(),
        boundary: optional(string()),
        tags: list(Tag),
        createdAt: Milliseconds,
      }),
    ),
  }),
);

/** Gives a user or a role tags, in place of those with the same keys. */
export const TagPrincipal = operation('TagPrincipal', structure({ ...holder, tags: Tags }), Empty);

export const UntagPrincipal = operation(
  'UntagPrincipal',
  structure({ ...holder, tagKeys: list(string({ min: 1, max: 128 }), { max: 50 }) }),
  Empty,
);

/** Limits what a user or role may do to what a policy allows; without one, nothing limits it. */
export const SetBoundary = operation('SetBoundary', structure({ ...holder, policy: optional(PolicyRef) }), Empty);

const Issuer = structure({ arn: string(), url: string(), clientIds: list(string()), createdAt: Milliseconds });

/** Has roles of an account trust an issuer of OIDC tokens. */
export const AddIssuer = operation(
  'AddIssuer',
  structure({
    account: AccountId,
    url: string({ min: 1, max: 255 }),
    clientIds: list(string({ min: 1, max: 255 }), { max: 100 }),
  }),
  structure({ arn: string() }),
);

export const RemoveIssuer = operation(
  'RemoveIssuer',
  structure({ account: AccountId, url: string({ min: 1, max: 255 }) }),
  Empty,
);

export const ListAccountIssuers = operation(
  'ListAccountIssuers',
  structure({ account: optional(AccountId) }),
  structure({ issuers: list(Issuer) }),
);

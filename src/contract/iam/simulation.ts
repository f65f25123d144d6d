import { enumeration, list, optional, string, structure } from '../shape.ts';
import { Arn, PolicyDocument, PolicyName, page, paged } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const Decision = enumeration(['allowed', 'explicitDeny', 'implicitDeny']);

/** A policy that is not to count. */
const PolicyIdentifier = structure({
  policyType: optional(string()),
  policyArn: optional(Arn),
  inlinePolicyIdentifier: optional(
    structure({
      policyName: PolicyName,
      attachmentType: string(),
      attachmentName: string({ min: 1, max: 128, pattern: '[\\w+=,.@-]+' }),
    }),
  ),
});

/** Whether somebody may do something, of each action on each resource. */
export const SimulatePrincipalPolicy = iamOperation(
  'SimulatePrincipalPolicy',
  structure({
    /** The ARN of a user or a role. */
    policySourceArn: Arn,
    actionNames: list(string({ min: 3, max: 128 }), { max: 100 }),
    /** `*` if it is absent. */
    resourceArns: optional(list(string({ min: 1, max: 2048 }), { max: 100 })),
    contextEntries: optional(
      list(
        structure({
          contextKeyName: optional(string({ min: 5, max: 256 })),
          contextKeyValues: optional(list(string())),
          /** Values are texts, as conditions read them. */
          contextKeyType: optional(string()),
        }),
        { max: 100 },
      ),
    ),
    /** Not available in this version: it would say what another policy changes. */
    policyInputList: optional(list(PolicyDocument)),
    permissionsBoundaryPolicyInputList: optional(list(PolicyDocument)),
    resourcePolicy: optional(PolicyDocument),
    policyExclusionList: optional(list(PolicyIdentifier, { max: 256 })),
    resourceHandlingOption: optional(string({ min: 1, max: 64 })),
    /** The account's own, if it is given: there are no policies of resources to ask. */
    resourceOwner: optional(string({ min: 1, max: 2048 })),
    /** That of `policySourceArn`, if it is given. */
    callerArn: optional(string({ min: 1, max: 2048 })),
    ...paged,
  }),
  structure({
    evaluationResults: list(
      structure({
        evalActionName: string(),
        evalResourceName: string(),
        evalDecision: Decision,
        /** Statements that apply. */
        matchedStatements: list(structure({ sourcePolicyId: string(), sourcePolicyType: string() })),
      }),
    ),
    ...page,
  }),
  { resources: ['policySourceArn'], readOnly: true, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

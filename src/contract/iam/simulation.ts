import { enumeration, list, optional, string, structure } from '../shape.ts';
import { Arn, PolicyDocument, page, paged } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const Decision = enumeration(['allowed', 'explicitDeny', 'implicitDeny']);

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

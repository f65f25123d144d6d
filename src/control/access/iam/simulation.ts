import { isOfAnother } from '../../../access/authorisation/authorise.ts';
import { explainAccess } from '../../../access/authorisation/explain-access.ts';
import { rootArn } from '../../../access/principals/identifiers.ts';
import { invalidInput } from '../../../contract/errors.ts';
import type { Input } from '../../../contract/operations.ts';
import { refuseUnavailable } from '../../availability.ts';
import type { HandlersOf } from '../../handler.ts';
import { resourceTags } from '../resource-tags.ts';
import { noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { pageOf } from './paging.ts';

/** More would take too long at once. */
const mostQuestions = 1000;

export const simulationHandlers = ({ database, now }: IamParts): HandlersOf<'SimulatePrincipalPolicy'> => ({
  async SimulatePrincipalPolicy(input, { account }) {
    const { policySourceArn, actionNames, resourceArns = ['*'], contextEntries = [], ...asked } = input;
    refuseOtherPolicies(input, account);
    if (policySourceArn.split(':')[4] !== account) throw noSuchEntity(`${policySourceArn} cannot be found.`);
    const questions = actionNames.flatMap((action) => resourceArns.map((resource) => ({ action, resource })));
    if (questions.length > mostQuestions) {
      throw invalidInput(`${questions.length} decisions are asked for; at most ${mostQuestions} are made at once.`);
    }
    const numbered = questions.map((question, index) => ({ ...question, rank: String(index).padStart(4, '0') }));
    const { items, page } = pageOf(numbered, ({ rank }) => rank, asked);
    const keys = contextEntries.flatMap(({ contextKeyName = '', contextKeyValues = [] }) =>
      contextKeyValues.map((value) => ({ key: contextKeyName, value })),
    );
    const parts = { database, tagsOf: resourceTags(database), now };
    const evaluationResults = [];
    for (const { action, resource } of items) {
      // What another account has, and whom its roles trust, is not for this one to learn.
      if (isOfAnother({ account }, resource)) {
        evaluationResults.push(deniedAt(action, resource));
        continue;
      }
      const { allowed, statements } = await explainAccess(parts, {
        principal: policySourceArn,
        action,
        resource,
        keys,
      });
      const matching = statements.filter(({ applies }) => applies);
      const isDenied = matching.some(({ effect }) => effect === 'Deny');
      evaluationResults.push({
        evalActionName: action,
        evalResourceName: resource,
        evalDecision: allowed ? ('allowed' as const) : isDenied ? ('explicitDeny' as const) : ('implicitDeny' as const),
        matchedStatements: matching.map(({ policy }) => ({
          sourcePolicyId: policy.slice(policy.lastIndexOf('/') + 1),
          sourcePolicyType: sourceOf(policy, policySourceArn),
        })),
      });
    }
    return { evaluationResults, ...page };
  },
});

const deniedAt = (action: string, resource: string) => ({
  ...{ evalActionName: action, evalResourceName: resource },
  evalDecision: 'implicitDeny' as const,
  matchedStatements: [],
});

/** Refuses what would say something else than what the policies of a user or role of the account say today. */
function refuseOtherPolicies(input: Input<'SimulatePrincipalPolicy'>, account: string): void {
  const { policySourceArn, callerArn = policySourceArn, resourceOwner = account } = input;
  refuseUnavailable({
    PolicyInputList: input.policyInputList !== undefined,
    PermissionsBoundaryPolicyInputList: input.permissionsBoundaryPolicyInputList !== undefined,
    PolicyExclusionList: input.policyExclusionList !== undefined,
    ResourcePolicy: input.resourcePolicy !== undefined,
    ResourceHandlingOption: input.resourceHandlingOption !== undefined,
    'A CallerArn other than PolicySourceArn': callerArn !== policySourceArn,
    'A ResourceOwner other than the account': ![account, rootArn(account)].includes(resourceOwner),
  });
}

/** @param policy the ARN of one that is attached, or the name of one that its holder has alone */
function sourceOf(policy: string, holderArn: string): string {
  if (policy.includes(':iam::aws:')) return 'aws-managed';
  if (policy.startsWith('arn:')) return 'user-managed';
  return holderArn.includes(':role/') ? 'role' : 'user';
}

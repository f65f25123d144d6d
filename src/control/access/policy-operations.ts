import { explainAccess } from '../../access/authorisation/explain-access.ts';
import type { PolicyStore } from '../../access/authorisation/policy-store.ts';
import { holderNameIn, requireHolderName } from '../../access/principals/holders.ts';
import { policyArn } from '../../access/principals/identifiers.ts';
import type { Database } from '../../data/database/database.ts';
import type { HandlersOf } from '../handler.ts';
import { resourceTags } from './resource-tags.ts';

type PolicyOperation =
  | 'PutPolicy'
  | 'RemovePolicy'
  | 'AttachPolicy'
  | 'DetachPolicy'
  | 'PutInlinePolicy'
  | 'RemoveInlinePolicy'
  | 'ListPolicies'
  | 'ExplainAccess';

type Parts = { readonly store: PolicyStore; readonly database: Database; readonly now: () => number };

/** What the people who run a server do with policies. */
export const policyHandlers = ({ store, database, now }: Parts): HandlersOf<PolicyOperation> => ({
  PutPolicy: async (input) => ({ arn: await store.put(input) }),

  async RemovePolicy({ account, policy }) {
    await store.delete(policy.startsWith('arn:') ? policy : policyArn(account, policy));
    return {};
  },

  AttachPolicy: async ({ policy, ...of }) => ({ arn: await store.attach({ policy, ...requireHolderName(of) }) }),

  async DetachPolicy({ policy, ...of }) {
    await store.detach({ policy, ...requireHolderName(of) });
    return {};
  },

  async PutInlinePolicy({ name, document, ...of }) {
    await store.putInline({ name, document, ...requireHolderName(of) });
    return {};
  },

  async RemoveInlinePolicy({ name, ...of }) {
    await store.deleteInline({ name, ...requireHolderName(of) });
    return {};
  },

  async ListPolicies(input) {
    const holder = holderNameIn(input);
    if (holder) return await store.list(holder);
    const policies = await store.listPolicies(input.account);
    return { attached: policies.map(({ name, arn, document }) => ({ name, arn, document })), inline: [] };
  },

  async ExplainAccess(input) {
    const { statements, ...answer } = await explainAccess({ database, tagsOf: resourceTags(database), now }, input);
    return { ...answer, statements: statements.map(({ because, ...said }) => ({ ...said, because: [...because] })) };
  },
});

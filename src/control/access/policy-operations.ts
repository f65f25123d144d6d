import { explainAccess } from '../../access/authorisation/explain-access.ts';
import type { PolicyStore } from '../../access/authorisation/policy-store.ts';
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

  AttachPolicy: async (input) => ({ arn: await store.attach(input) }),

  async DetachPolicy(input) {
    await store.detach(input);
    return {};
  },

  async PutInlinePolicy(input) {
    await store.putInline(input);
    return {};
  },

  async RemoveInlinePolicy(input) {
    await store.deleteInline(input);
    return {};
  },

  ListPolicies: async ({ account, user }) =>
    user === undefined
      ? { attached: await store.listPolicies(account), inline: [] }
      : await store.list({ account, user }),

  async ExplainAccess(input) {
    const { statements, ...answer } = await explainAccess({ database, tagsOf: resourceTags(database), now }, input);
    return { ...answer, statements: statements.map(({ because, ...said }) => ({ ...said, because: [...because] })) };
  },
});

import { invalidRequest } from '../../access/keys/key-errors.ts';
import type { KeyStore } from '../../access/keys/key-store.ts';
import { ServiceError } from '../../contract/errors.ts';
import type { HandlersOf } from '../handler.ts';
import { pageOfAll } from './pages.ts';

type PolicyOperation = 'PutKeyPolicy' | 'GetKeyPolicy' | 'ListKeyPolicies' | 'TagKey' | 'UntagKey' | 'ListResourceTags';

/** A key has one policy, which has this name. */
const policyName = 'default';

/** Policies and tags of keys, as KMS has them. */
export const keyPolicyHandlers = (store: KeyStore): HandlersOf<PolicyOperation> => ({
  async PutKeyPolicy({ KeyId, PolicyName = policyName, Policy, BypassPolicyLockoutSafetyCheck }, caller) {
    if (PolicyName !== policyName) throw invalidRequest(`The name of the policy of a key is ${policyName}.`);
    await store.setPolicy(KeyId, caller, { policy: Policy, bypassCheck: BypassPolicyLockoutSafetyCheck });
    return {};
  },

  async GetKeyPolicy({ KeyId, PolicyName = policyName }, caller) {
    const { policy, arn } = await store.find(KeyId, caller);
    if (PolicyName === policyName) return { Policy: policy, PolicyName };
    throw new ServiceError('NotFoundException', `No such policy exists: ${arn} has the policy ${policyName}.`);
  },

  async ListKeyPolicies({ KeyId }, caller) {
    await store.find(KeyId, caller);
    return { PolicyNames: [policyName], Truncated: false };
  },

  async TagKey({ KeyId, Tags }, caller) {
    const tags = Tags.map(({ TagKey: key, TagValue: value }) => ({ key, value }));
    await store.tag(KeyId, caller, tags);
    return {};
  },

  async UntagKey({ KeyId, TagKeys }, caller) {
    await store.untag(KeyId, caller, TagKeys);
    return {};
  },

  async ListResourceTags({ KeyId, ...input }, caller) {
    const { items, page } = pageOfAll(await store.tags(KeyId, caller), input, ({ key }) => key);
    return { Tags: items.map(({ key, value }) => ({ TagKey: key, TagValue: value })), ...page };
  },
});

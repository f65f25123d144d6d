import type { PolicyVersion } from '../../../access/authorisation/policy-versions.ts';
import type { HandlersOf } from '../../handler.ts';
import { noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { encodedDocument, secondsOf } from './iam-words.ts';
import { findPolicy, isBroughtAlong, requireOwn, versionId } from './managed-policy-facts.ts';
import { pageOf } from './paging.ts';

type VersionOperation =
  | 'CreatePolicyVersion'
  | 'GetPolicyVersion'
  | 'ListPolicyVersions'
  | 'SetDefaultPolicyVersion'
  | 'DeletePolicyVersion';

type Named = { readonly policyArn: string; readonly versionId: string };

export function policyVersionHandlers({ policies, versions }: IamParts): HandlersOf<VersionOperation> {
  /** Newest first; a policy that the server brings along has one. */
  async function versionsOf(account: string, policyArn: string): Promise<PolicyVersion[]> {
    const { arn, document, createdAt } = await findPolicy(policies, account, policyArn);
    return isBroughtAlong(arn) ? [{ number: 1, document, createdAt, isInForce: true }] : await versions.list(arn);
  }

  /** @throws ServiceError NoSuchEntityException */
  async function find(account: string, named: Named): Promise<PolicyVersion> {
    const found = (await versionsOf(account, named.policyArn)).find(
      ({ number }) => versionId(number) === named.versionId,
    );
    if (found) return found;
    throw noSuchEntity(`Policy ${named.policyArn} version ${named.versionId} does not exist or is not attachable.`);
  }

  /** Of a policy that the account may change. */
  async function findOwn(account: string, named: Named): Promise<PolicyVersion> {
    requireOwn((await findPolicy(policies, account, named.policyArn)).arn);
    return await find(account, named);
  }

  return {
    async CreatePolicyVersion({ policyArn, policyDocument, setAsDefault = false }, { account }) {
      const { arn } = await findPolicy(policies, account, policyArn);
      requireOwn(arn);
      const version = await versions.create({ arn, document: policyDocument, inForce: setAsDefault });
      return { policyVersion: versionFacts(version) };
    },

    async GetPolicyVersion(named, { account }) {
      const version = await find(account, named);
      return { policyVersion: { document: encodedDocument(version.document), ...versionFacts(version) } };
    },

    async ListPolicyVersions({ policyArn, ...asked }, { account }) {
      const listed = await versionsOf(account, policyArn);
      const newestFirst = ({ number }: PolicyVersion) => String(Number.MAX_SAFE_INTEGER - number);
      const { items, page } = pageOf(listed, newestFirst, asked);
      return { versions: items.map(versionFacts), ...page };
    },

    async SetDefaultPolicyVersion(named, { account }) {
      const { number } = await findOwn(account, named);
      await versions.putInForce(named.policyArn, number);
      return {};
    },

    async DeletePolicyVersion(named, { account }) {
      const { number } = await findOwn(account, named);
      await versions.delete(named.policyArn, number);
      return {};
    },
  };
}

const versionFacts = ({ number, isInForce, createdAt }: PolicyVersion) => ({
  versionId: versionId(number),
  isDefaultVersion: isInForce,
  createDate: secondsOf(createdAt),
});

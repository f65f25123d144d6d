import { setBoundary } from '../../access/principals/boundaries.ts';
import { findHolder, requireHolderName } from '../../access/principals/holders.ts';
import { providerArn } from '../../access/principals/identifiers.ts';
import { issuerName, type OidcProviderStore } from '../../access/principals/oidc-provider-store.ts';
import { addTagsTo, removeTags } from '../../access/principals/principal-tags.ts';
import type { PrincipalsChange } from '../../access/principals/principals-change.ts';
import type { RoleStore } from '../../access/principals/role-store.ts';
import type { HandlersOf } from '../handler.ts';

type RoleOperation =
  | 'AddRole'
  | 'PutTrust'
  | 'RemoveRole'
  | 'ListAccountRoles'
  | 'TagPrincipal'
  | 'UntagPrincipal'
  | 'SetBoundary'
  | 'AddIssuer'
  | 'RemoveIssuer'
  | 'ListAccountIssuers';

type Parts = {
  readonly roles: RoleStore;
  readonly providers: OidcProviderStore;
  readonly change: PrincipalsChange;
  /** Makes what tokens are sealed with where there is none, before anybody can ask for one. */
  readonly secretKey: () => Promise<unknown>;
};

/** What the people who run a server do with roles, with tags and boundaries, and with the issuers that roles trust. */
export const roleHandlers = ({ roles, providers, change, secretKey }: Parts): HandlersOf<RoleOperation> => ({
  async AddRole(input) {
    const { arn } = await roles.create(input);
    return { arn };
  },

  async PutTrust({ account, role: name, document }) {
    await roles.putTrust({ account, name, document });
    return {};
  },

  async RemoveRole(input) {
    await roles.delete(input);
    return {};
  },

  ListAccountRoles: async ({ account }) => ({
    roles: (await roles.list(account)).map(({ arn, tags, ...role }) => ({
      ...{ arn, tags: [...tags], description: role.description, trustPolicy: role.trustPolicy },
      ...{ maxSessionSeconds: role.maxSessionSeconds, createdAt: role.createdAt },
      ...(role.boundary !== undefined && { boundary: role.boundary }),
    })),
  }),

  async TagPrincipal({ tags, ...of }) {
    await change(async (trx) => addTagsTo(trx, (await findHolder(trx, requireHolderName(of))).id, tags));
    return {};
  },

  async UntagPrincipal({ tagKeys, ...of }) {
    await change(async (trx) => removeTags(trx, (await findHolder(trx, requireHolderName(of))).id, tagKeys));
    return {};
  },

  async SetBoundary({ policy, ...of }) {
    await setBoundary(change, { ...requireHolderName(of), policy });
    return {};
  },

  async AddIssuer(input) {
    await secretKey();
    const { arn } = await providers.create(input);
    return { arn };
  },

  async RemoveIssuer({ account, url }) {
    await providers.delete(providerArn(account, issuerName(url)));
    return {};
  },

  ListAccountIssuers: async ({ account }) => ({
    issuers: (await providers.list(account)).map(({ arn, url, clientIds, createdAt }) => ({
      ...{ arn, url, createdAt },
      clientIds: [...clientIds],
    })),
  }),
});

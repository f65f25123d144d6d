import type { OidcProvider } from '../../../access/principals/oidc-provider-store.ts';
import { refuseUnavailable } from '../../availability.ts';
import type { HandlersOf } from '../../handler.ts';
import { noSuchEntity } from './iam-errors.ts';
import type { IamParts } from './iam-parts.ts';
import { secondsOf } from './iam-words.ts';

type ProviderOperation =
  | 'CreateOpenIDConnectProvider'
  | 'GetOpenIDConnectProvider'
  | 'ListOpenIDConnectProviders'
  | 'DeleteOpenIDConnectProvider'
  | 'AddClientIDToOpenIDConnectProvider'
  | 'RemoveClientIDFromOpenIDConnectProvider'
  | 'UpdateOpenIDConnectProviderThumbprint';

export function oidcProviderHandlers({ providers }: IamParts): HandlersOf<ProviderOperation> {
  /** @throws ServiceError NoSuchEntityException, also for one of another account */
  async function find(account: string, arn: string): Promise<OidcProvider> {
    const found = (await providers.list(account)).find((provider) => provider.arn === arn);
    if (found) return found;
    throw noSuchEntity(`OpenIDConnect Provider not found for arn ${arn}`);
  }

  return {
    async CreateOpenIDConnectProvider({ url, clientIDList, thumbprintList, tags = [], ...more }, { account }) {
      refuseUnavailable({
        'A tag of an OIDC provider': tags.length > 0,
        ContextProvider: more.contextProvider !== undefined,
        IdentityCenterInstanceArn: more.identityCenterInstanceArn !== undefined,
      });
      const given = { account, url, clientIds: clientIDList, thumbprints: thumbprintList };
      return { openIDConnectProviderArn: (await providers.create(given)).arn };
    },

    async GetOpenIDConnectProvider({ openIDConnectProviderArn }, { account }) {
      const { url, clientIds, thumbprints, createdAt } = await find(account, openIDConnectProviderArn);
      return {
        url: url.replace(/^https:\/\//, ''),
        clientIDList: [...clientIds],
        thumbprintList: [...thumbprints],
        createDate: secondsOf(createdAt),
      };
    },

    async ListOpenIDConnectProviders(_input, { account }) {
      return { openIDConnectProviderList: (await providers.list(account)).map(({ arn }) => ({ arn })) };
    },

    async DeleteOpenIDConnectProvider({ openIDConnectProviderArn }, { account }) {
      const { arn } = await find(account, openIDConnectProviderArn);
      await providers.delete(arn);
      return {};
    },

    async AddClientIDToOpenIDConnectProvider({ openIDConnectProviderArn, clientID }, { account }) {
      const { arn, clientIds } = await find(account, openIDConnectProviderArn);
      await providers.update({ arn, clientIds: [...clientIds, clientID] });
      return {};
    },

    async RemoveClientIDFromOpenIDConnectProvider({ openIDConnectProviderArn, clientID }, { account }) {
      const { arn, clientIds } = await find(account, openIDConnectProviderArn);
      await providers.update({ arn, clientIds: clientIds.filter((id) => id !== clientID) });
      return {};
    },

    async UpdateOpenIDConnectProviderThumbprint({ openIDConnectProviderArn, thumbprintList }, { account }) {
      const { arn } = await find(account, openIDConnectProviderArn);
      await providers.update({ arn, thumbprints: thumbprintList });
      return {};
    },
  };
}

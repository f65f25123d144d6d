import { Empty, list, optional, string, structure, timestamp } from '../shape.ts';
import { Arn, Tags } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const ClientId = string({ min: 1, max: 255 });
const Thumbprint = string({ min: 40, max: 40 });
const resources = ['openIDConnectProviderArn'] as const;

export const CreateOpenIDConnectProvider = iamOperation(
  'CreateOpenIDConnectProvider',
  structure({
    url: string({ min: 1, max: 255 }),
    clientIDList: optional(list(ClientId)),
    thumbprintList: optional(list(Thumbprint)),
    tags: optional(Tags),
  }),
  structure({ openIDConnectProviderArn: string() }),
  {
    actsOn: { kind: 'oidc-provider', member: 'url', creates: true },
    errors: ['InvalidInputException', 'EntityAlreadyExistsException'],
  },
);

export const GetOpenIDConnectProvider = iamOperation(
  'GetOpenIDConnectProvider',
  structure({ openIDConnectProviderArn: Arn }),
  structure({
    url: string(),
    clientIDList: list(string()),
    thumbprintList: list(string()),
    createDate: timestamp(),
  }),
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const ListOpenIDConnectProviders = iamOperation(
  'ListOpenIDConnectProviders',
  Empty,
  structure({ openIDConnectProviderList: list(structure({ arn: string() })) }),
);

export const DeleteOpenIDConnectProvider = iamOperation(
  'DeleteOpenIDConnectProvider',
  structure({ openIDConnectProviderArn: Arn }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const AddClientIDToOpenIDConnectProvider = iamOperation(
  'AddClientIDToOpenIDConnectProvider',
  structure({ openIDConnectProviderArn: Arn, clientID: ClientId }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const RemoveClientIDFromOpenIDConnectProvider = iamOperation(
  'RemoveClientIDFromOpenIDConnectProvider',
  structure({ openIDConnectProviderArn: Arn, clientID: ClientId }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

export const UpdateOpenIDConnectProviderThumbprint = iamOperation(
  'UpdateOpenIDConnectProviderThumbprint',
  structure({ openIDConnectProviderArn: Arn, thumbprintList: list(Thumbprint) }),
  Empty,
  { resources, errors: ['NoSuchEntityException', 'InvalidInputException'] },
);

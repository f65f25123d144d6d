import { Empty, list, optional, string, structure, timestamp } from '../shape.ts';
import { Arn, Tags } from './common.ts';
import { iamOperation } from './iam-operation.ts';

const ClientId = string({ min: 1, max: 255 });
const Thumbprint = string({ min: 40, max: 40 });
const SourceKey = string({ min: 1, max: 128 });
const ContextProvider = structure({
  keyDefinitionList: optional(
    list(structure({ sourceKey: SourceKey, targetKey: optional(SourceKey) }), { min: 0, max: 10 }),
  ),
  subjectSourceKey: SourceKey,
  subjectTypeValue: optional(string({ min: 0, max: 128 })),
  subjectTypeSourceKey: optional(SourceKey),
});

const resources = ['openIDConnectProviderArn'] as const;

export const CreateOpenIDConnectProvider = iamOperation(
  'CreateOpenIDConnectProvider',
  structure({
    url: string({ min: 1, max: 255 }),
    clientIDList: optional(list(ClientId)),
    thumbprintList: optional(list(Thumbprint)),
    tags: optional(Tags),
    /** Not available in this version, nor is the next one. */
    contextProvider: optional(ContextProvider),
    identityCenterInstanceArn: optional(string({ min: 1, max: 1224 })),
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

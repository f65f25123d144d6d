/** A policy that the server brings along. Its ARN is the same in every account, as AWS's own policies have it. */
export type ManagedPolicy = { readonly name: string; readonly arn: string; readonly document: string };

const allBuckets = ['arn:*:s3:::*Personalize*', 'arn:*:s3:::*personalize*'];
const personalize = 'personalize.amazonaws.com';

const full = {
  Version: '2012-10-17',
  Statement: [
    { Sid: 'Personalize', Effect: 'Allow', Action: 'personalize:*', Resource: '*' },
    {
      Sid: 'Metrics',
      Effect: 'Allow',
      Action: ['cloudwatch:PutMetricData', 'cloudwatch:ListMetrics'],
      Resource: '*',
    },
    {
      Sid: 'Buckets',
      Effect: 'Allow',
      Action: ['s3:GetObject', 's3:PutObject', 's3:DeleteObject', 's3:ListBucket'],
      Resource: allBuckets,
    },
    {
      Sid: 'RolesForTheService',
      Effect: 'Allow',
      Action: 'iam:PassRole',
      Resource: '*',
      Condition: { StringEquals: { 'iam:PassedToService': personalize } },
    },
  ],
};

const readOnly = {
  Version: '2012-10-17',
  Statement: [
    {
      Sid: 'Read',
      Effect: 'Allow',
      Action: ['personalize:Describe*', 'personalize:Get*', 'personalize:List*'],
      Resource: '*',
    },
  ],
};

const managed = (path: string, name: string, document: object): ManagedPolicy => ({
  name,
  arn: `arn:aws:iam::aws:policy/${path}${name}`,
  document: JSON.stringify(document, null, 2),
});

/** A policy that allows these actions on everything. */
const allowing = (...actions: readonly string[]) => ({
  Version: '2012-10-17',
  Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }],
});

const allBut = {
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', NotAction: ['iam:*', 'organizations:*', 'account:*'], Resource: '*' },
    { Effect: 'Allow', Action: ['iam:ListRoles', 'iam:CreateServiceLinkedRole'], Resource: '*' },
  ],
};

const reading = (service: string) => [`${service}:Describe*`, `${service}:Get*`, `${service}:List*`];

/**
 * AWS keeps the full one below `service-role/`, and scripts name it with or without that. The others are those that
 * tutorials attach; each allows what the one of that name does at AWS, as far as this server has it.
 */
export const managedPolicies: readonly ManagedPolicy[] = [
  managed('service-role/', 'AmazonPersonalizeFullAccess', full),
  managed('', 'AmazonPersonalizeReadOnlyAccess', readOnly),
  managed('', 'AdministratorAccess', allowing('*')),
  managed('', 'PowerUserAccess', allBut),
  managed('', 'ReadOnlyAccess', allowing(...['personalize', 's3', 'iam', 'kms', 'cloudwatch'].flatMap(reading))),
  managed('', 'IAMFullAccess', allowing('iam:*')),
  managed('', 'IAMReadOnlyAccess', allowing('iam:Get*', 'iam:List*', 'iam:SimulatePrincipalPolicy')),
  managed('', 'AmazonS3FullAccess', allowing('s3:*', 's3-object-lambda:*')),
  managed('', 'AmazonS3ReadOnlyAccess', allowing(...reading('s3'))),
  managed('', 'CloudWatchFullAccess', allowing('cloudwatch:*', 'logs:*', 'sns:*')),
  managed('', 'CloudWatchReadOnlyAccess', allowing(...reading('cloudwatch'), ...reading('logs'))),
  managed(
    '',
    'AWSKeyManagementServicePowerUser',
    allowing(
      ...['kms:CreateAlias', 'kms:CreateKey', 'kms:DeleteAlias', 'kms:Describe*', 'kms:GenerateRandom', 'kms:Get*'],
      ...['kms:List*', 'kms:TagResource', 'kms:UntagResource', 'iam:ListGroups', 'iam:ListRoles', 'iam:ListUsers'],
    ),
  ),
];

/** The managed policy of a name or an ARN; of the latter, the partition and the path do not matter. */
export function managedPolicy(nameOrArn: string): ManagedPolicy | undefined {
  const name = /^arn:[\w-]+:iam::aws:policy\/(?:service-role\/)?([^/]+)$/.exec(nameOrArn)?.[1] ?? nameOrArn;
  return managedPolicies.find((policy) => policy.name === name);
}

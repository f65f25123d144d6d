import { afterEach, beforeEach, expect, it } from 'vitest';
import { type OpenDatabase, openDatabase } from '../../data/database/database.ts';
import { MemoryKeys } from '../../data/encryption/keys.fixture.ts';
import { RoleStore } from '../principals/role-store.ts';
import { AuditedDataKeys } from './audited-data-keys.ts';

const account = '123456789012';
const kmsKeyArn = 'arn:aws:kms:eu-west-1:123456789012:key/k';
const roleArn = 'arn:aws:iam::123456789012:role/keys';
const use = {
  ...{ kmsKeyArn, account, roleArn },
  datasetGroupArn: 'arn:aws:personalize:eu-west-1:123456789012:dataset-group/films',
};
const context = { 'openpersonalize:key': 'one' };

let opened: OpenDatabase;
let service: MemoryKeys;
let keys: AuditedDataKeys;
let records: string[];
let clock: number;
beforeEach(async () => {
  opened = await openDatabase({ file: ':memory:' });
  service = new MemoryKeys();
  service.add(kmsKeyArn);
  records = [];
  clock = Date.UTC(2026, 10, 30, 12);
  const add = (record: string) => void records.push(record);
  keys = new AuditedDataKeys({ service, database: opened.database, now: () => clock, add });
});
afterEach(() => opened.close());

/** The records since the last look. */
const recorded = () => records.splice(0).map((record) => JSON.parse(record));

it('are recorded as calls that the service has made, by the role if it is there', async () => {
  const { plaintext, wrapped } = await keys.generate(use, context);
  const { database } = opened;
  await database.insertInto('accounts').values({ id: account, name: '', created_at: 1 }).execute();
  const roles = new RoleStore(database, (work) => database.transaction().execute((trx) => work(trx, 5)));
  const Principal = { Service: 'personalize.amazonaws.com' };
  const Statement = { Effect: 'Allow', Principal, Action: 'sts:AssumeRole' };
  await roles.create({ account, name: 'keys', trustPolicy: JSON.stringify({ Version: '2012-10-17', Statement }) });
  expect(await keys.unwrap(use, wrapped, context)).toEqual(Buffer.from(plaintext));
  const service = 'personalize.amazonaws.com';
  const call = {
    ...{ eventSource: 'kms.amazonaws.com', sourceIPAddress: service, userAgent: service, awsRegion: 'eu-west-1' },
    ...{ readOnly: true, responseElements: null, recipientAccountId: account, resources: [{ ARN: kmsKeyArn }] },
    requestParameters: { KeyId: kmsKeyArn, EncryptionContext: context },
  };
  expect(recorded()).toMatchObject([
    { ...call, eventName: 'GenerateDataKey', userIdentity: { type: 'AWSService', invokedBy: service } },
    {
      ...call,
      eventName: 'Decrypt',
      eventTime: '2026-11-30T12:00:00Z',
      userIdentity: {
        type: 'AssumedRole',
        arn: 'arn:aws:sts::123456789012:assumed-role/keys/PersonalizeService',
        sessionContext: { sessionIssuer: { arn: roleArn } },
        invokedBy: service,
      },
    },
  ]);
});

it('are recorded once an hour while nothing changes, and at once when a key is refused or works again', async () => {
  const { wrapped } = await keys.generate(use, context);
  recorded();
  const unwrap = () => keys.unwrap(use, wrapped, context).catch(() => {});
  const after = async (ms: number) => {
    clock += ms;
    await unwrap();
    await unwrap();
    return recorded().map(({ errorCode = 'done', errorMessage }) => [errorCode, errorMessage]);
  };
  expect(await after(0)).toEqual([['done', undefined]]);
  expect(await after(3_500_000)).toEqual([]);
  expect(await after(100_000)).toEqual([['done', undefined]]);
  service.set(kmsKeyArn, 'disabled');
  expect(await after(30_000)).toEqual([['DisabledException', `The key ${kmsKeyArn} is disabled: enable it.`]]);
  service.set(kmsKeyArn, 'enabled');
  expect(await after(30_000)).toEqual([['done', undefined]]);
});

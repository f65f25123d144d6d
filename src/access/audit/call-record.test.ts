import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../contract/errors.ts';
import type { Operation } from '../../contract/operation.ts';
import { operations } from '../../contract/operations.ts';
import type { Principal } from '../principal.ts';
import { recordOf } from './audit-record.ts';
import { type AuditedCall, eventOf, kindOf } from './call-record.ts';
import { hidden, type Shape } from './masking.ts';

const account = '111122223333';
const ada: Principal = { kind: 'user', account, arn: `arn:aws:iam::${account}:user/ada`, name: 'ada', id: 'AIDA1' };
const all: readonly Operation[] = Object.values<Operation>(operations);
const { CreateFilter, DescribeFilter, GetRecommendations, PutEvents } = operations;

const callOf = (operation: Operation, rest: Partial<AuditedCall> = {}): AuditedCall => ({
  operation,
  requestId: 'request-1',
  sourceAddress: '192.0.2.7',
  userAgent: 'Boto3/1.40',
  caller: { account, region: 'eu-west-1', accessKeyId: 'AKIAADA', principal: ada },
  input: undefined,
  output: undefined,
  error: undefined,
  ...rest,
});
const textOf = (...call: Parameters<typeof callOf>) =>
  recordOf({ ...eventOf(callOf(...call)), time: Date.UTC(2026, 10, 30, 14, 5, 9, 876) });
const recorded = (...call: Parameters<typeof callOf>) => JSON.parse(textOf(...call));

/** Any value of a shape, with a secret wherever the contract says that there is one. */
function planted(shape: Shape & { readonly type?: string }, text: string, within = false): unknown {
  const sensitive = within || shape.sensitive === true;
  if (shape.properties) {
    const members = Object.entries(shape.properties);
    return Object.fromEntries(
      members.map(([name, member]) => [
        name,
        planted(member, text, sensitive || (name === 'userId' && member.sensitive !== false)),
      ]),
    );
  }
  if (shape.items) return [planted(shape.items, text, sensitive), planted(shape.items, text, sensitive)];
  if (typeof shape.additionalProperties === 'object') {
    const key = shape.propertyNames?.sensitive ? text : 'KEY';
    return { [key]: planted(shape.additionalProperties, text, sensitive) };
  }
  if (shape.anyOf?.[0]) return planted(shape.anyOf[0], text, sensitive);
  return sensitive ? text : 'open';
}

const secret = fc.uuid().map((id) => `secret ${id}`);
const quoting = fc.constantFrom('InvalidInputException', 'SerializationException');

describe.each(all.map((operation) => [operation.name, operation] as const))('a record of %s', (_, operation) => {
  const object = (shape: Shape, text: string) => Object(planted(shape, text));

  it('never has what the contract calls sensitive', () => {
    fc.assert(
      fc.property(secret, (text) => {
        const [input, output] = [object(operation.input, text), object(operation.output, text)];
        expect(textOf(operation, { input, output })).not.toContain(text);
      }),
      { numRuns: 5 },
    );
  });

  it('nor when a refusal quotes it, whether the input could be read or not', () => {
    fc.assert(
      fc.property(secret, quoting, fc.boolean(), (text, code, isKnown) => {
        const input = object(operation.input, text);
        // A message can only quote what was there.
        if (!JSON.stringify(input).includes(text)) return;
        const error = new ServiceError(code, `Value '${text}' failed to satisfy constraint`);
        expect(textOf(operation, { error, input: isKnown ? input : undefined })).not.toContain(text);
      }),
      { numRuns: 10 },
    );
  });
});

describe('a record', () => {
  it('says in the members of CloudTrail who did what, and to what', () => {
    const datasetGroupArn = `arn:aws:personalize:eu-west-1:${account}:dataset-group/g`;
    const filterArn = `arn:aws:personalize:eu-west-1:${account}:filter/f`;
    const input = { name: 'f', datasetGroupArn, filterExpression: 'INCLUDE ItemID WHERE Items.PRICE > 3' };
    expect(recorded(CreateFilter, { input, output: { filterArn } })).toEqual({
      eventVersion: '1.09',
      userIdentity: {
        type: 'IAMUser',
        principalId: 'AIDA1',
        arn: ada.arn,
        accountId: account,
        accessKeyId: 'AKIAADA',
        userName: 'ada',
      },
      eventTime: '2026-11-30T14:05:09Z',
      eventSource: 'personalize.amazonaws.com',
      eventName: 'CreateFilter',
      awsRegion: 'eu-west-1',
      sourceIPAddress: '192.0.2.7',
      userAgent: 'Boto3/1.40',
      requestParameters: { name: 'f', datasetGroupArn, filterExpression: hidden },
      responseElements: { filterArn },
      requestID: 'request-1',
      eventID: expect.stringMatching(/^[\da-f-]{36}$/),
      readOnly: false,
      resources: [{ ARN: datasetGroupArn }, { ARN: filterArn }],
      eventType: 'AwsApiCall',
      managementEvent: true,
      recipientAccountId: account,
      eventCategory: 'Management',
    });
  });

  it('of a refusal has its code and message, and of a defect the code alone', () => {
    const message = 'User: ada is not authorized to perform: personalize:DescribeFilter';
    const denied = recorded(DescribeFilter, { error: new ServiceError('AccessDeniedException', message) });
    expect(denied).toMatchObject({ errorCode: 'AccessDeniedException', errorMessage: message, responseElements: null });
    const failed = recorded(DescribeFilter, { error: new TypeError('x is not a function') });
    expect(failed).toMatchObject({ errorCode: 'InternalFailure' });
    expect(failed).not.toHaveProperty('errorMessage');
  });

  it('of a caller without a verified signature says no more than is known', () => {
    const { userIdentity } = recorded(DescribeFilter, { caller: { accessKeyId: 'AKIAEVE' } });
    expect(userIdentity).toEqual({ type: 'Unknown', accessKeyId: 'AKIAEVE' });
  });

  it('of a session names its role', () => {
    const arn = `arn:aws:sts::${account}:assumed-role/r/s`;
    const roleArn = `arn:aws:iam::${account}:role/team/r`;
    const issuedAt = Date.UTC(2026, 10, 30, 12);
    const of = { kind: 'session', account, arn, role: 'r', roleArn, session: 's', id: 'AROA1:s', issuedAt } as const;
    const provider = `arn:aws:iam::${account}:oidc-provider/login.example.com`;
    const federation = { provider, keys: { 'login.example.com:sub': ['ada'] } };
    const principal: Principal = { ...of, federation, sourceIdentity: 'ada' };
    expect(recorded(DescribeFilter, { caller: { account, principal } }).userIdentity).toEqual({
      type: 'AssumedRole',
      principalId: 'AROA1:s',
      arn,
      accountId: account,
      sessionContext: {
        sessionIssuer: {
          type: 'Role',
          principalId: 'AROA1',
          arn: roleArn,
          accountId: account,
          userName: 'r',
        },
        webIdFederationData: { federatedProvider: provider, attributes: {} },
        attributes: { creationDate: '2026-11-30T12:00:00Z', mfaAuthenticated: 'false' },
        sourceIdentity: 'ada',
      },
    });
  });

  it('of temporary credentials of a user says since when there are any', () => {
    const arn = `arn:aws:iam::${account}:user/ada`;
    const ada: Principal = { kind: 'user', account, arn, name: 'ada', id: 'AIDA1', issuedAt: 0 };
    expect(recorded(DescribeFilter, { caller: { account, principal: ada } }).userIdentity).toMatchObject({
      type: 'IAMUser',
      sessionContext: { attributes: { creationDate: '1970-01-01T00:00:00Z', mfaAuthenticated: 'false' } },
    });
  });

  it('of an input that is too long leaves it out', () => {
    const input = { name: 'x'.repeat(300_000) };
    const { requestParameters } = recorded(CreateFilter, { input });
    expect(requestParameters).toEqual({
      omitted: true,
      originalSize: expect.any(Number),
      reason: 'The record is too long.',
    });
  });

  it('of events and recommendations is about data', () => {
    for (const operation of [PutEvents, GetRecommendations]) {
      expect(recorded(operation)).toMatchObject({ managementEvent: false, eventCategory: 'Data' });
    }
  });
});

it('every operation that creates, changes or deletes something is a change', () => {
  const changes = all.filter((operation) => !kindOf(operation).isReadOnly).map(({ name }) => name);
  const verbs = new Set(changes.map((name) => /^[A-Z][a-z]+/.exec(name)?.[0]));
  expect([...verbs].toSorted()).toMatchInlineSnapshot(`
    [
      "Add",
      "Assume",
      "Attach",
      "Cancel",
      "Create",
      "Delete",
      "Detach",
      "Disable",
      "Enable",
      "Put",
      "Remove",
      "Restore",
      "Revoke",
      "Rotate",
      "Schedule",
      "Set",
      "Start",
      "Stop",
      "Tag",
      "Untag",
      "Update",
    ]
  `);
  expect(
    all.filter((operation) => kindOf(operation).isReadOnly).filter(({ creates }) => creates !== undefined),
  ).toEqual([]);
});

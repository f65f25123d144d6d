import { expect, it } from 'vitest';
import { operation } from '../../contract/operation.ts';
import { boolean, Empty, integer, list, map, optional, string, structure, timestamp } from '../../contract/shape.ts';
import { readXml, textOf } from '../s3/xml-reader.ts';
import { answerXml, errorXml } from './query-answer.ts';

const described = operation({
  name: 'Describe',
  service: 'iam',
  input: Empty,
  output: structure({
    name: string(),
    isOpen: boolean(),
    madeAt: timestamp(),
    tags: list(structure({ key: string() })),
    names: list(string()),
    counts: map(string(), integer()),
    nothing: optional(string()),
  }),
  resources: [],
  errors: [],
});

it('writes lists as members, maps as entries, times in ISO 8601, and nothing for what is absent', () => {
  const output = {
    ...{ name: '<a> & "b"\u0001', isOpen: false, madeAt: 1_700_000_000.9, nothing: undefined },
    ...{ tags: [{ key: 'x' }, { key: '' }], names: [], counts: { 'a b': 1, c: 0 } },
  };
  expect(answerXml(described, output, 'id-1').split('\n')[1]).toBe(
    '<DescribeResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><DescribeResult>' +
      '<Name>&lt;a&gt; &amp; &quot;b&quot;\ufffd</Name><IsOpen>false</IsOpen><MadeAt>2023-11-14T22:13:20Z</MadeAt>' +
      '<Tags><member><Key>x</Key></member><member><Key></Key></member></Tags><Names></Names>' +
      '<Counts><entry><key>a b</key><value>1</value></entry><entry><key>c</key><value>0</value></entry></Counts>' +
      '</DescribeResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata></DescribeResponse>',
  );
});

it('has a result even where there is nothing to say, as clients look for one', () => {
  const answer = answerXml({ ...described, output: Empty }, {}, 'id-1');
  expect(answer).toContain('<DescribeResult></DescribeResult>');
});

it.each([
  ['NoSuchEntityException', 404, 'NoSuchEntity', 404, 'Sender'],
  ['LimitExceededException', 409, 'LimitExceeded', 409, 'Sender'],
  ['ValidationException', 400, 'ValidationError', 400, 'Sender'],
  ['AccessDeniedException', 400, 'AccessDenied', 403, 'Sender'],
  ['ServiceUnavailable', 503, 'ServiceUnavailable', 503, 'Receiver'],
] as const)('calls %s what clients of the protocol know', (code, plainStatus, name, status, type) => {
  const given = { service: 'sts', requestId: 'id-1', plainStatus } as const;
  const answer = errorXml({ code, message: 'a < b' }, given);
  expect(answer.status).toBe(status);
  const [error] = readXml(answer.body).children;
  expect(error && ['Type', 'Code', 'Message'].map((each) => textOf(error, each))).toEqual([type, name, 'a < b']);
  expect(answer.body).toContain('xmlns="https://sts.amazonaws.com/doc/2011-06-15/"');
});

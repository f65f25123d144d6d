// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
// The rules of AWS's guide on policies, each as a row: "Policy evaluation logic", "Condition operators", "Conditions
// with multiple context keys or values", "Variables and tags", "Resource", "Action".
import { describe, expect, it, test } from 'vitest';
import { applies, documentOf, films, requestFor, setOf } from './decision.fixture.ts';
import { decide } from './decision.ts';
import { denialText } from './denial.ts';

const allow = documentOf({});
const deny = documentOf({ Effect: 'Deny' });
const other = documentOf({ Action: 'personalize:ListCampaigns' });
const none = documentOf({ Effect: 'Deny', Action: 'personalize:ListCampaigns' });

describe('policies of several sorts', () => {
  type Layers = { identity: string[]; boundary?: string[]; session?: string[] };
  const rows: [what: string, layers: Layers, outcome: string][] = [
    ['no policy at all', { identity: [] }, 'no identity-based policy allows'],
    ['policies about something else', { identity: [other, none] }, 'no identity-based policy allows'],
    ['one Allow', { identity: [other, allow] }, 'allowed'],
    [
      'an Allow and a Deny in one policy',
      { identity: [documentOf({}, { Effect: 'Deny' })] },
      'an explicit deny in an identity-based policy',
    ],
    ['an Allow and a Deny in two', { identity: [allow, deny] }, 'an explicit deny in an identity-based policy'],
    ['a Deny alone', { identity: [deny] }, 'an explicit deny in an identity-based policy'],
    ['a boundary that allows', { identity: [allow], boundary: [allow] }, 'allowed'],
    ['a boundary that says nothing', { identity: [allow], boundary: [other] }, 'no permissions boundary allows'],
    [
      'a boundary that denies',
      { identity: [allow], boundary: [allow, deny] },
      'an explicit deny in a permissions boundary',
    ],
    ['a boundary alone, which grants nothing', { identity: [], boundary: [allow] }, 'no identity-based policy allows'],
    ['a session policy that allows', { identity: [allow], session: [allow] }, 'allowed'],
    ['a session policy that says nothing', { identity: [allow], session: [other] }, 'no session policy allows'],
    ['a session policy that denies', { identity: [allow], session: [deny] }, 'an explicit deny in a session policy'],
    ['a session policy alone', { identity: [other], session: [allow] }, 'no identity-based policy allows'],
    ['all three', { identity: [allow], boundary: [allow], session: [allow] }, 'allowed'],
    [
      'all three, the session denying',
      { identity: [allow], boundary: [other], session: [deny] },
      'an explicit deny in a session policy',
    ],
    [
      'all three, two without an Allow',
      { identity: [allow], boundary: [other], session: [other] },
      'no permissions boundary allows',
    ],
  ];
  test.each(rows)('%s', (_what, { identity, boundary, session }, outcome) => {
    const decision = decide(
      { identity: setOf(...identity), boundary: boundary && setOf(...boundary), session: session && setOf(...session) },
      requestFor({}),
    );
    const user = 'arn:aws:iam::123456789012:user/ann';
    const said = decision.allowed ? 'allowed' : denialText(user, 'personalize:DescribeCampaign', films, decision);
    expect(said).toContain(outcome);
  });

  it('are told apart in the words of the service', () => {
    const request = requestFor({});
    const says = (...documents: string[]) => {
      const decision = decide({ identity: setOf(...documents) }, request);
      return decision.allowed ? '' : denialText('arn:aws:iam::1:user/ann', request.action, films, decision);
    };
    const start = `User: arn:aws:iam::1:user/ann is not authorized to perform: personalize:DescribeCampaign on resource: ${films}`;
    expect(says()).toBe(`${start} because no identity-based policy allows the personalize:DescribeCampaign action`);
    expect(says(allow, deny)).toBe(`${start} with an explicit deny in an identity-based policy`);
  });
});

const action = 'personalize:DescribeCampaign';

describe('an action', () => {
  test.each([
    [{ Action: '*' }, true],
    [{ Action: 'personalize:*' }, true],
    [{ Action: 'PERSONALIZE:describecampaign' }, true],
    [{ Action: 'personalize:Describe*' }, true],
    [{ Action: 'personalize:*Campaign' }, true],
    [{ Action: 'personalize:DescribeCampaig?' }, true],
    [{ Action: 'personalize:DescribeCampaign?' }, false],
    [{ Action: 'personalize:Describe' }, false],
    [{ Action: 'iam:*' }, false],
    [{ Action: ['iam:*', 'personalize:Describe*'] }, true],
    [{ NotAction: 'iam:*' }, true],
    [{ NotAction: ['iam:*', 'personalize:describe*'] }, false],
    [{ NotAction: '*' }, false],
  ])('%j: %s', (statement, expected) => {
    expect(applies(statement, { action })).toBe(expected);
  });
});

describe('a resource', () => {
  const personal = { 'aws:username': 'ann', 'aws:PrincipalTag/team': 'films', 'aws:TagKeys': ['a', 'b'] };
  const start = 'arn:aws:personalize:eu-west-1:123456789012:';
  const rows: [statement: object, resource: string, expected: boolean][] = [
    [{ Resource: films }, films, true],
    [{ Resource: films.toUpperCase().replace('ARN:AWS:PERSONALIZE', 'arn:aws:personalize') }, films, false],
    [{ Resource: `${start}campaign/*` }, films, true],
    [{ Resource: `${start}campaign/film?` }, films, true],
    [{ Resource: `${start}campaign/film` }, films, false],
    [{ Resource: 'arn:aws:personalize:*:*:campaign/films' }, films, true],
    [{ Resource: 'arn:aws:personalize:eu-*:123456789012:campaign/films' }, films, true],
    [{ Resource: 'arn:aws:personalize:e*t-1:123456789012:campaign/films' }, films, true],
    [{ Resource: 'arn:aws:personalize:us-*:123456789012:campaign/films' }, films, false],
    [{ Resource: 'arn:aws:personalize:e*2:campaign/films' }, films, false], // within a component, no colon
    [{ Resource: 'arn:aws:personalize:e*:campaign/films' }, films, true], // at its end, colons too
    [{ Resource: 'arn:aws:personalize:*' }, films, true],
    [{ Resource: 'arn:aws:personalize:eu-west-1?123456789012:campaign/films' }, films, false],
    [{ Resource: 'arn:aws:s3:::bucket/*' }, 'arn:aws:s3:::bucket/a:b/c', true],
    [{ Resource: 'arn:aws:s3:::bucket/*/test/*' }, 'arn:aws:s3:::bucket/1/2/test/3/object.jpg', true],
    [{ Resource: 'arn:aws:s3:::bucket/*/test/*' }, 'arn:aws:s3:::bucket/test/object.jpg', false],
    [{ Resource: 'arn:aws:s3:::bucket/*/test/*' }, 'arn:aws:s3:::bucket/1-test/object.jpg', false],
    [{ NotResource: `${start}campaign/*` }, films, false],
    [{ NotResource: `${start}solution/*` }, films, true],
    [{ Resource: `${start}solution/*` }, '*', false], // what has no resource needs `*`
    [{ Resource: '*' }, '*', true],
    [{ Resource: `${start}campaign/\${aws:username}` }, `${start}campaign/ann`, true],
    [{ Resource: `${start}campaign/\${AWS:UserName}-*` }, `${start}campaign/ann-1`, true],
    [{ Resource: `${start}campaign/\${aws:userid}` }, `${start}campaign/ann`, false], // no value matches nothing
    [{ Resource: `${start}campaign/\${aws:userid}` }, `${start}campaign/\${aws:userid}`, false],
    [{ Resource: `${start}campaign/\${aws:userid, 'nobody'}` }, `${start}campaign/nobody`, true],
    [{ Resource: `${start}campaign/\${aws:PrincipalTag/team, 'all'}` }, films, true],
    [{ Resource: `${start}campaign/\${aws:TagKeys}` }, `${start}campaign/a`, false], // several values are no value
    [{ Resource: `${start}campaign/\${*}` }, films, false],
    [{ Resource: `${start}campaign/\${*}\${?}\${$}` }, `${start}campaign/*?$`, true],
    [{ NotResource: `${start}campaign/\${aws:userid}` }, films, true],
  ];
  test.each(rows)('%j of %s: %s', (statement, resource, expected) => {
    expect(applies({ ...statement }, { resource, context: personal })).toBe(expected);
  });

  it('takes the value of a variable for plain text', () => {
    const Resource = `${start}campaign/\${aws:username}`;
    const asks = (resource: string, name: string) =>
      applies({ Resource }, { resource, context: { 'aws:username': name } });
    expect(asks(films, '*')).toBe(false);
    expect(asks(`${start}campaign/*`, '*')).toBe(true);
    expect(asks(`${start}campaign/ann`, "${aws:userid, 'ann'}")).toBe(false);
  });

  it('has no variables in documents of the first version', () => {
    const document = JSON.parse(documentOf({ Resource: `${start}campaign/\${aws:username}` }));
    const oldOne = setOf(JSON.stringify({ ...document, Version: '2008-10-17' }));
    const asks = (resource: string) =>
      decide({ identity: oldOne }, requestFor({ resource, context: personal })).allowed;
    expect(asks(`${start}campaign/ann`)).toBe(false);
    expect(asks(`${start}campaign/\${aws:username}`)).toBe(true);
  });
});

describe('a condition', () => {
  type Values = Record<string, string | string[]>;
  const rows: [operator: string, keys: Values, context: Values, expected: boolean][] = [
    ['StringEquals', { 'aws:username': 'ann' }, { 'aws:username': 'ann' }, true],
    ['StringEquals', { 'AWS:UserName': 'ann' }, { 'aws:username': 'ann' }, true],
    ['StringEquals', { 'aws:username': 'Ann' }, { 'aws:username': 'ann' }, false],
    ['StringEquals', { 'aws:username': 'a*' }, { 'aws:username': 'ann' }, false],
    ['StringEquals', { 'aws:username': ['bob', 'ann'] }, { 'aws:username': 'ann' }, true],
    ['StringEquals', { 'aws:username': 'ann' }, {}, false],
    ['StringEquals', { 'aws:username': '${aws:userid}' }, { 'aws:username': 'ann', 'aws:userid': 'ann' }, true],
    ['StringEquals', { 'aws:username': '${aws:userid}' }, { 'aws:username': 'ann' }, false],
    ['StringNotEquals', { 'aws:username': '${aws:userid}' }, { 'aws:username': 'ann' }, true],
    ['StringNotEquals', { 'aws:username': 'bob' }, { 'aws:username': 'ann' }, true],
    ['StringNotEquals', { 'aws:username': ['bob', 'ann'] }, { 'aws:username': 'ann' }, false],
    ['StringNotEquals', { 'aws:username': 'bob' }, {}, true],
    ['StringEqualsIgnoreCase', { 'aws:username': 'ANN' }, { 'aws:username': 'aNn' }, true],
    ['StringNotEqualsIgnoreCase', { 'aws:username': 'ANN' }, { 'aws:username': 'aNn' }, false],
    ['StringLike', { 'aws:username': 'a?n*' }, { 'aws:username': 'ann' }, true],
    ['StringLike', { 'aws:username': 'A*' }, { 'aws:username': 'ann' }, false],
    ['StringLike', { 'aws:username': '${*}' }, { 'aws:username': 'ann' }, false],
    ['StringNotLike', { 'aws:username': 'a*' }, { 'aws:username': 'ann' }, false],
    ['StringNotLike', { 'aws:username': 'a*' }, {}, true],
    ['NumericEquals', { 's3:max-keys': '10' }, { 's3:max-keys': '10.0' }, true],
    ['NumericNotEquals', { 's3:max-keys': '10' }, { 's3:max-keys': '11' }, true],
    ['NumericLessThan', { 's3:max-keys': '10' }, { 's3:max-keys': '9' }, true],
    ['NumericLessThan', { 's3:max-keys': '10' }, { 's3:max-keys': '10' }, false],
    ['NumericLessThanEquals', { 's3:max-keys': '10' }, { 's3:max-keys': '10' }, true],
    ['NumericGreaterThan', { 's3:max-keys': '9' }, { 's3:max-keys': '10' }, true],
    ['NumericGreaterThanEquals', { 's3:max-keys': '-1.5' }, { 's3:max-keys': '-1.5' }, true],
    ['NumericLessThan', { 's3:max-keys': '10' }, { 's3:max-keys': 'few' }, false],
    ['NumericLessThan', { 's3:max-keys': '10' }, {}, false],
    [
      'DateGreaterThan',
      { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
      { 'aws:CurrentTime': '2026-01-01T00:00:01Z' },
      true,
    ],
    ['DateGreaterThan', { 'aws:CurrentTime': '2026-01-01' }, { 'aws:CurrentTime': '2026-01-01T00:00:00Z' }, false],
    ['DateLessThan', { 'aws:CurrentTime': '2026' }, { 'aws:CurrentTime': '2025-12-31T23:59:59.999Z' }, true],
    [
      'DateEquals',
      { 'aws:CurrentTime': '2026-01-01T02:00:00+02:00' },
      { 'aws:CurrentTime': '2026-01-01T00:00:00Z' },
      true,
    ],
    ['DateEquals', { 'aws:EpochTime': '2026-01-01T00:00:00Z' }, { 'aws:EpochTime': '1767225600' }, true],
    ['DateNotEquals', { 'aws:EpochTime': '1767225600' }, { 'aws:EpochTime': '1767225601' }, true],
    ['NumericLessThan', { 'aws:EpochTime': '1767225601' }, { 'aws:EpochTime': '1767225600' }, true],
    ['Bool', { 'aws:SecureTransport': 'true' }, { 'aws:SecureTransport': 'true' }, true],
    ['Bool', { 'aws:SecureTransport': 'True' }, { 'aws:SecureTransport': 'true' }, true],
    ['Bool', { 'aws:SecureTransport': 'false' }, { 'aws:SecureTransport': 'true' }, false],
    ['Bool', { 'aws:MultiFactorAuthPresent': 'false' }, {}, false],
    ['BoolIfExists', { 'aws:MultiFactorAuthPresent': 'false' }, {}, true],
    [
      'BinaryEquals',
      { 'key:bytes': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' },
      { 'key:bytes': 'QmluYXJ5VmFsdWVJbkJhc2U2NA==' },
      true,
    ],
    ['BinaryEquals', { 'key:bytes': 'QUJD' }, { 'key:bytes': 'QUJE' }, false],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '203.0.113.77' }, true],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '203.0.114.1' }, false],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.7' }, { 'aws:SourceIp': '203.0.113.7' }, true],
    ['IpAddress', { 'aws:SourceIp': '2001:DB8:1234:5678::/64' }, { 'aws:SourceIp': '2001:db8:1234:5678::1' }, true],
    ['IpAddress', { 'aws:SourceIp': '2001:db8::/64' }, { 'aws:SourceIp': '203.0.113.7' }, false],
    ['IpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '::ffff:203.0.113.77' }, true],
    ['NotIpAddress', { 'aws:SourceIp': '203.0.113.0/24' }, { 'aws:SourceIp': '203.0.114.1' }, true],
    ['NotIpAddress', { 'aws:SourceIp': ['10.0.0.0/8', '203.0.113.0/24'] }, { 'aws:SourceIp': '10.1.2.3' }, false],
    [
      'ArnLike',
      { 'aws:PrincipalArn': 'arn:aws:iam::*:user/a*' },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:user/ann' },
      true,
    ],
    [
      'ArnEquals',
      { 'aws:PrincipalArn': 'arn:aws:iam::*:user/a*' },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:user/ann' },
      true,
    ],
    [
      'ArnLike',
      { 'aws:SourceArn': 'arn:aws:someservice:*:111122223333:finance/*' },
      { 'aws:SourceArn': 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt' },
      false,
    ],
    [
      'StringLike',
      { 'aws:SourceArn': 'arn:aws:someservice:*:111122223333:finance/*' },
      { 'aws:SourceArn': 'arn:aws:someservice:us-east-2:999999999999:store/abc:111122223333:finance/document.txt' },
      true,
    ],
    [
      'ArnNotLike',
      { 'aws:PrincipalArn': 'arn:aws:iam::*:role/*' },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:user/ann' },
      true,
    ],
    [
      'ArnNotEquals',
      { 'aws:PrincipalArn': 'arn:aws:iam::1:user/*' },
      { 'aws:PrincipalArn': 'arn:aws:iam::1:user/ann' },
      false,
    ],
    ['StringLikeIfExists', { 'ec2:InstanceType': ['t1.*', 't2.*'] }, {}, true],
    ['StringLikeIfExists', { 'ec2:InstanceType': ['t1.*', 't2.*'] }, { 'ec2:InstanceType': 'm3.large' }, false],
    ['StringNotEqualsIfExists', { 'aws:username': 'ann' }, {}, true],
    ['Null', { 'aws:TokenIssueTime': 'true' }, {}, true],
    ['Null', { 'aws:TokenIssueTime': 'true' }, { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' }, false],
    ['Null', { 'aws:TokenIssueTime': 'false' }, { 'aws:TokenIssueTime': '2026-01-01T00:00:00Z' }, true],
    ['StringEquals', { 'aws:username': 'ann', 'aws:userid': 'x' }, { 'aws:username': 'ann' }, false],
    ['ForAllValues:StringLike', { 'aws:TagKeys': ['a*', 'b'] }, { 'aws:TagKeys': ['ab', 'b'] }, true],
    ['ForAllValues:StringLike', { 'aws:TagKeys': ['a*', 'b'] }, { 'aws:TagKeys': ['ab', 'c'] }, false],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['a'] }, {}, true],
    ['ForAllValues:StringEquals', { 'aws:TagKeys': ['a'] }, { 'aws:TagKeys': [''] }, true],
    ['ForAllValues:StringNotEquals', { 'aws:TagKeys': ['a', 'b'] }, { 'aws:TagKeys': ['c', 'd'] }, true],
    ['ForAllValues:StringNotEquals', { 'aws:TagKeys': ['a', 'b'] }, { 'aws:TagKeys': ['c', 'b'] }, false],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': ['a', 'b'] }, { 'aws:TagKeys': ['c', 'b'] }, true],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': ['a', 'b'] }, { 'aws:TagKeys': ['c'] }, false],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': ['a'] }, {}, false],
    ['ForAnyValue:StringEquals', { 'aws:TagKeys': [''] }, { 'aws:TagKeys': [''] }, false],
    ['ForAnyValue:StringNotEquals', { 'aws:TagKeys': ['a'] }, { 'aws:TagKeys': ['a', 'b'] }, true],
    ['ForAnyValue:StringNotEquals', { 'aws:TagKeys': ['a'] }, { 'aws:TagKeys': ['a'] }, false],
    ['ForAllValues:StringEqualsIfExists', { 'aws:TagKeys': ['a'] }, { 'aws:TagKeys': ['b'] }, false],
    ['ForAnyValue:StringEqualsIfExists', { 'aws:TagKeys': ['a'] }, {}, true],
    ['StringEquals', { 'aws:RequestTag/Team': 'films' }, { 'aws:requesttag/team': 'films' }, true],
    ['StringEquals', { 'aws:username': [] }, { 'aws:username': 'ann' }, false],
  ];
  test.each(rows)('%s %j with %j: %s', (operator, keys, context, expected) => {
    expect(applies({ Condition: { [operator]: keys } }, { context })).toBe(expected);
  });

  it('holds as a whole if every operator holds', () => {
    const Condition = { StringEquals: { 'aws:username': 'ann' }, Bool: { 'aws:SecureTransport': 'true' } };
    const asks = (secure: string) =>
      applies({ Condition }, { context: { 'aws:username': 'ann', 'aws:SecureTransport': secure } });
    expect([asks('true'), asks('false')]).toEqual([true, false]);
  });

  it('denies as the guide says where a tag of the principal is missing', () => {
    const Condition = { StringNotEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } };
    const identity = setOf(documentOf({}, { Effect: 'Deny', Condition }));
    const asks = (context: Record<string, string>) => decide({ identity }, requestFor({ context })).allowed;
    expect(asks({ 'aws:ResourceTag/team': 'films', 'aws:PrincipalTag/team': 'films' })).toBe(true);
    expect(asks({ 'aws:ResourceTag/team': 'films', 'aws:PrincipalTag/team': 'books' })).toBe(false);
    expect(asks({ 'aws:ResourceTag/team': 'films' })).toBe(false);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
import { describe, expect, test } from 'vitest';
import { documentOf } from './decision.fixture.ts';
import { refusal } from './refusal.fixture.ts';

const syntax = 'Syntax errors in policy.';
const conditionOf = (operator: string, values: unknown) => documentOf({ Condition: { [operator]: values } });

describe('a document that is refused', () => {
  const rows: [what: string, document: string, message: string][] = [
    ['no JSON', '{', `${syntax} It is no JSON`],
    ['no object', '[]', `${syntax} It must be a JSON object.`],
    ['a key twice', '{"Statement":[],"Statement":[]}', `${syntax} The key "Statement" is given twice.`],
    ['a key twice, once escaped', '{"Statement":[],"\\u0053tatement":[]}', 'The key "\\u0053tatement" is given twice.'],
    ['an unknown element', '{"Statement":[],"Name":"a"}', `${syntax} A document has no element Name.`],
    ['an Id', '{"Id":"a","Statement":{}}', 'Id: '],
    [
      'an unknown version',
      '{"Version":"2026-01-01","Statement":{}}',
      `Version: ${syntax} It must be 2008-10-17 or 2012-10-17.`,
    ],
    ['no statement', '{"Version":"2012-10-17"}', 'Statement: '],
    ['an empty list of statements', '{"Statement":[]}', `Statement: ${syntax} There is no statement.`],
    ['a statement that is none', '{"Statement":["a"]}', 'Statement[0]: '],
    [
      'an unknown element of a statement',
      documentOf({}, { Actions: '*' }),
      `Statement[1]: ${syntax} A statement has no element Actions.`,
    ],
    ['another effect', documentOf({ Effect: 'allow' }), `Statement[0].Effect: ${syntax} It must be "Allow" or "Deny".`],
    [
      'a Sid with an odd character',
      documentOf({ Sid: 'a/b' }),
      'Statement[0].Sid: Statement IDs (SID) must be alpha-numeric.',
    ],
    [
      'a Sid twice',
      documentOf({ Sid: 'a' }, { Sid: 'a' }),
      'Statement: Statement IDs (SID) in a single policy must be unique.',
    ],
    [
      'no action',
      '{"Statement":{"Effect":"Allow","Resource":"*"}}',
      'Statement: Policy statement must contain actions.',
    ],
    ['no action in the list', documentOf({ Action: [] }), 'Statement[0]: Policy statement must contain actions.'],
    [
      'no resource',
      '{"Statement":{"Effect":"Allow","Action":"*"}}',
      'Statement: Policy statement must contain resources.',
    ],
    [
      'Action and NotAction',
      documentOf({ Action: '*', NotAction: '*' }),
      `Statement[0]: ${syntax} It has both Action and NotAction.`,
    ],
    [
      'an action without a service',
      documentOf({ Action: ['a:b', 'ListCampaigns'] }),
      'Statement[0].Action[1]: Actions/Conditions must be prefaced by a vendor, e.g., iam, sdb, ec2, etc.',
    ],
    [
      'an action with two colons',
      documentOf({ Action: 'a:b:c' }),
      'Statement[0].Action: Actions/Condition can contain only one colon.',
    ],
    ['an action of an odd service', documentOf({ Action: 'a b:c' }), 'Statement[0].Action: Vendor a b is not valid'],
    [
      'an action with a letter that only looks like one',
      documentOf({ Action: 'personalize:\u212areate' }),
      'Statement[0].Action: Action',
    ],
    [
      'an action that is an object',
      documentOf({ Action: [{}] }),
      `Statement[0].Action[0]: ${syntax} It must be a text.`,
    ],
    [
      'a resource that is no ARN',
      documentOf({ Resource: 'films' }),
      'Statement[0].Resource: Resource films must be in ARN format or "*".',
    ],
    [
      'a resource of no service',
      documentOf({ Resource: 'arn:aws::::x' }),
      'Statement[0].Resource: Resource vendor must be fully qualified.',
    ],
    [
      'a partition that is a variable',
      documentOf({ Resource: 'arn:${p}:s3:::x' }),
      'Statement[0].Resource: Partition "${p}" is not valid for resource "arn:${p}:s3:::x".',
    ],
    [
      'an account that is a variable',
      documentOf({ Resource: 'arn:aws:s3::${aws:userid}:x' }),
      'has a variable before its fifth colon.',
    ],
    [
      'a variable without an end',
      documentOf({ Resource: 'arn:aws:s3:::${aws:userid' }),
      'The variable ${aws:userid has no end.',
    ],
    ['a variable without a name', documentOf({ Resource: 'arn:aws:s3:::${}' }), '${} is no variable'],
    ['a variable with a bad default', documentOf({ Resource: 'arn:aws:s3:::${a:b, c}' }), '${a:b, c} is no variable'],
    ['a principal', documentOf({ Principal: '*' }), 'Statement[0]: Policy document should not specify a principal.'],
    [
      'conditions that are a list',
      documentOf({ Condition: [] }),
      `Statement[0].Condition: ${syntax} It must be a JSON object.`,
    ],
    [
      'an unknown operator',
      conditionOf('StringIs', { 'a:b': 'c' }),
      `Statement[0].Condition.StringIs: ${syntax} There is no condition operator StringIs.`,
    ],
    [
      'an operator in another case',
      conditionOf('stringequals', { 'a:b': 'c' }),
      'There is no condition operator stringequals; is StringEquals meant?',
    ],
    [
      'an unknown quantifier',
      conditionOf('ForSome:StringEquals', { 'a:b': 'c' }),
      'There is no condition operator ForSome:StringEquals.',
    ],
    [
      'NullIfExists',
      conditionOf('NullIfExists', { 'a:b': 'true' }),
      'Null goes without IfExists, ForAllValues and ForAnyValue.',
    ],
    [
      'a key without a service',
      conditionOf('StringEquals', { username: 'c' }),
      'Statement[0].Condition.StringEquals.username: Actions/Conditions must be prefaced by a vendor',
    ],
    [
      'no number',
      conditionOf('NumericEquals', { 'a:b': ['1', 'two'] }),
      'Statement[0].Condition.NumericEquals.a:b[1]: "two" is no number.',
    ],
    [
      'no date',
      conditionOf('DateLessThan', { 'a:b': '2026-02-30' }),
      '"2026-02-30" is no date (ISO 8601, or seconds since 1970).',
    ],
    ['no truth value', conditionOf('Bool', { 'a:b': 'yes' }), '"yes" is neither true nor false.'],
    ['no range', conditionOf('IpAddress', { 'a:b': '10.0.0.0/33' }), '"10.0.0.0/33" is no IP address or range.'],
    ['no base64', conditionOf('BinaryEquals', { 'a:b': '%' }), '"%" is no text in base64.'],
    [
      'a number with too many digits',
      conditionOf('StringEquals', { 'a:b': 2 ** 60 }),
      'A number of so many digits must stand between quotes.',
    ],
    [
      'too long for a managed policy',
      documentOf({ Resource: `arn:aws:s3:::${'a'.repeat(6_144)}` }),
      'Cannot exceed quota for PolicySize: 6144',
    ],
  ];
  test.each(rows)('%s', (_what, document, message) => {
    expect(refusal(document)).toContain(message);
  });

  test('what a trust policy may not have, and must have', () => {
    const trust = { Effect: 'Allow', Action: 'sts:AssumeRole' };
    const read = (statement: object) => refusal(JSON.stringify({ Statement: statement }), 'trust');
    expect(read(trust)).toBe('Statement: Missing required field Principal');
    expect(read({ ...trust, Principal: '*', Resource: '*' })).toBe('Statement: Has prohibited field Resource.');
    expect(read({ ...trust, Principal: { AWS: 'arn:aws:iam::123456789012:user/*' } })).toBe(
      'Statement.Principal.AWS: Invalid principal in policy: "AWS":"arn:aws:iam::123456789012:user/*"',
    );
    expect(read({ ...trust, Principal: { User: 'ann' } })).toContain('Statement.Principal.User: Invalid principal');
    expect(read({ ...trust, Principal: { Service: 'personalize.amazonaws.com' } })).toBe('none');
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
import fc from 'fast-check';
import type { PlainContext, PlainDocument, PlainPolicies, PlainRequest, PlainStatement } from './evaluate.reference.ts';

// Few names, so that policies often match; among them what has a meaning of its own elsewhere.
const names = ['a', 'ab', 'b', 'B', 'é', '😀', '', 'a:b', '*', 'x.y', '${aws:username}'];
const name = fc.constantFrom(...names);
const action = fc.constantFrom('personalize:CreateA', 'personalize:CreateAB', 'personalize:ListA', 'iam:PassRole');

const arn = fc
  .tuple(
    fc.constantFrom('personalize', 'iam', 's3'),
    fc.constantFrom('eu', 'us', ''),
    fc.constantFrom('1', '2', ''),
    name,
  )
  .map(([service, region, account, resource]) => `arn:aws:${service}:${region}:${account}:thing/${resource}`);

const plainArn = arn.filter((text) => !text.includes('$'));

/** Some of a text behind wildcards. */
const withWildcards = (texts: fc.Arbitrary<string>, from = 0): fc.Arbitrary<string> =>
  fc
    .tuple(texts, fc.array(fc.tuple(fc.nat(30), fc.nat(4), fc.constantFrom('*', '?', '**', '?*')), { maxLength: 3 }))
    .map(([text, cuts]) =>
      cuts.reduce((cut, [at, length, wildcard]) => {
        const index = from + (at % Math.max(1, cut.length - from));
        return cut.slice(0, index) + wildcard + cut.slice(index + length);
      }, text),
    )
    .filter((text) => !/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/.test(text));

const variable = fc.constantFrom(
  '${aws:username}',
  '${AWS:UserName}',
  "${aws:username, 'b'}",
  '${aws:PrincipalTag/team}',
  '${aws:TagKeys}',
  '${none:such}',
  '${*}',
  '${?}',
  '${$}',
);

const withVariables = (texts: fc.Arbitrary<string>) =>
  fc.oneof(
    texts,
    fc.tuple(texts, variable).map(([text, part]) => text + part),
    variable,
  );

const actionPattern = fc.oneof(
  fc.constant('*'),
  withWildcards(action, 'personalize:'.length).filter((text) => /^[\w.-]+:[\w*?-]+$/.test(text)),
  action.map((text) => text.toUpperCase()),
);

const resourcePattern = fc.oneof(
  fc.constant('*'),
  withWildcards(plainArn, 'arn:aws:s3'.length).filter((text) => /^arn:aws:[^:]+:/.test(text)),
  withVariables(plainArn).filter((text) => text.startsWith('arn:')),
  fc.constantFrom('arn:aws:personalize:*', 'arn:aws:s3:*:thing/*', 'arn:aws:personalize:e*u:1:thing/a*'),
);

const listOf = (texts: fc.Arbitrary<string>) => fc.oneof(texts, fc.array(texts, { minLength: 1, maxLength: 3 }));

// Keys with the values that requests have for them, and those that policies compare them to.
const team = 'aws:PrincipalTag/team';
const instants = [
  '2026-01-01T00:00:00Z',
  '2026-01-01T00:00:01Z',
  '1767225600',
  '2026-01-01',
  '2026',
  '2027-05-01T12:30Z',
];
const addresses = ['10.0.0.1', '10.0.0.200', '10.1.0.1', '2001:db8:0:0:0:0:0:1', '2001:db8:0:1:0:0:0:1', 'none'];
const ranges = [
  '10.0.0.0/24',
  '10.0.0.1',
  '10.0.0.0/8',
  '0.0.0.0/0',
  '2001:db8:0:0:0:0:0:0/48',
  '2001:db8:0:0:0:0:0:1',
];

type Family = {
  readonly operators: readonly string[];
  readonly values: fc.Arbitrary<string>;
  readonly keys: readonly string[];
};

const families: readonly Family[] = [
  {
    operators: ['StringEquals', 'StringNotEquals', 'StringEqualsIgnoreCase', 'StringNotEqualsIgnoreCase'],
    values: withVariables(name.filter((text) => !text.includes('$'))),
    keys: ['aws:username', 'AWS:UserName', team, 'aws:TagKeys', 'aws:RequestTag/Team'],
  },
  {
    operators: ['StringLike', 'StringNotLike'],
    values: withVariables(withWildcards(name.filter((text) => !text.includes('$')))),
    keys: ['aws:username', team, 'aws:TagKeys'],
  },
  {
    operators: [
      ...['NumericEquals', 'NumericNotEquals', 'NumericLessThan', 'NumericLessThanEquals'],
      ...['NumericGreaterThan', 'NumericGreaterThanEquals'],
    ],
    values: fc.constantFrom('1', '2', '2.0', '-1', '10', '1e1'),
    keys: ['s3:max-keys', 'aws:username'],
  },
  {
    operators: [
      ...['DateEquals', 'DateNotEquals', 'DateLessThan', 'DateLessThanEquals'],
      ...['DateGreaterThan', 'DateGreaterThanEquals'],
    ],
    values: fc.constantFrom(...instants),
    keys: ['aws:CurrentTime', 'aws:username'],
  },
  { operators: ['Bool'], values: fc.constantFrom('true', 'false', 'True'), keys: ['aws:SecureTransport'] },
  { operators: ['BinaryEquals'], values: fc.constantFrom('QUI=', 'QUJD', ''), keys: ['key:bytes'] },
  { operators: ['IpAddress', 'NotIpAddress'], values: fc.constantFrom(...ranges), keys: ['aws:SourceIp'] },
  {
    operators: ['ArnEquals', 'ArnLike', 'ArnNotEquals', 'ArnNotLike'],
    values: withVariables(withWildcards(plainArn, 'arn:aws:'.length)).filter((text) =>
      /^[^:$]*(:[^:$]*){4}:/.test(text),
    ),
    keys: ['aws:PrincipalArn', 'aws:username'],
  },
];

const condition: fc.Arbitrary<[string, Record<string, string | string[]>]> = fc.oneof(
  ...families.map(({ operators, values, keys }) =>
    fc
      .tuple(
        fc.constantFrom('', '', 'ForAllValues:', 'ForAnyValue:'),
        fc.constantFrom(...operators),
        fc.constantFrom('', '', 'IfExists'),
        fc.constantFrom(...keys),
        fc.oneof(values, fc.array(values, { maxLength: 3 })),
      )
      .map(([quantifier, operator, suffix, key, value]): [string, Record<string, string | string[]>] => [
        quantifier + operator + suffix,
        { [key]: value },
      ]),
  ),
  fc
    .tuple(fc.constantFrom('aws:username', team, 'none:such'), fc.constantFrom('true', 'false'))
    .map(([key, value]): [string, Record<string, string>] => ['Null', { [key]: value }]),
);

const statement: fc.Arbitrary<PlainStatement> = fc
  .record({
    Effect: fc.constantFrom('Allow' as const, 'Allow' as const, 'Deny' as const),
    action: fc.tuple(fc.constantFrom('Action', 'Action', 'NotAction'), listOf(actionPattern)),
    resource: fc.tuple(fc.constantFrom('Resource', 'Resource', 'NotResource'), listOf(resourcePattern)),
    Condition: fc.option(fc.array(condition, { maxLength: 2 }).map(Object.fromEntries), { nil: undefined }),
  })
  .map(({ Effect, action: [actionElement, actions], resource: [resourceElement, resources], Condition }) => ({
    Effect,
    [actionElement]: actions,
    [resourceElement]: resources,
    ...(Condition && { Condition }),
  }));

type Names = Readonly<Record<'AWS' | 'Service' | 'Federated', readonly string[]>>;

/** Statements of policies of resources, about principals of these names. */
export const resourceStatements = (names: Names): fc.Arbitrary<PlainStatement> => {
  const some = (kind: keyof Names) => fc.array(fc.constantFrom(...names[kind]), { minLength: 1, maxLength: 3 });
  const named = fc.record(
    { AWS: some('AWS'), Service: some('Service'), Federated: some('Federated') },
    { requiredKeys: [] },
  );
  const principal = fc.oneof({ weight: 4, arbitrary: named }, { weight: 1, arbitrary: fc.constant('*' as const) });
  return fc
    .tuple(statement, principal, fc.constantFrom('Principal', 'Principal', 'Principal', 'NotPrincipal'))
    .map(([rest, given, element]) => ({ ...rest, [element]: given }));
};

/** Those of trust policies, which name no resource. */
export const trustStatements = (names: Names): fc.Arbitrary<PlainStatement> =>
  resourceStatements(names).map(({ Resource: _, NotResource: __, ...rest }) => rest);

const document: fc.Arbitrary<PlainDocument> = fc.record({
  Version: fc.constantFrom('2012-10-17', '2012-10-17', '2008-10-17'),
  Statement: fc.array(statement, { minLength: 1, maxLength: 3 }),
});

const layer = fc.array(document, { maxLength: 3 });

/** Documents that are well-formed. */
export const policies: fc.Arbitrary<PlainPolicies> = fc.record(
  { identity: layer, boundary: layer, session: layer },
  { requiredKeys: ['identity'] },
);

const context: fc.Arbitrary<PlainContext> = fc.record(
  {
    'aws:username': fc.oneof(name, fc.constantFrom('1', '2026-01-01', 'arn:aws:s3:::thing/a')).map((text) => [text]),
    [team.toLowerCase()]: name.map((text) => [text]),
    'aws:tagkeys': fc.array(name, { maxLength: 3 }),
    'aws:requesttag/team': name.map((text) => [text]),
    's3:max-keys': fc.constantFrom('1', '2', '10', 'x').map((text) => [text]),
    'aws:currenttime': fc.constantFrom(...instants, 'never').map((text) => [text]),
    'aws:securetransport': fc.constantFrom('true', 'false').map((text) => [text]),
    'key:bytes': fc.constantFrom('QUI=', 'QUJD', '').map((text) => [text]),
    'aws:sourceip': fc.constantFrom(...addresses).map((text) => [text]),
    'aws:principalarn': arn.map((text) => [text]),
  },
  { requiredKeys: [] },
);

export const requests: fc.Arbitrary<PlainRequest> = fc.record({
  action,
  resource: fc.oneof(fc.constant('*'), arn, arn, arn),
  context,
});

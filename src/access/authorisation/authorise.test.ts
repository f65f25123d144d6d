// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the variables of policies look like that
import { describe, expect, it } from 'vitest';
import { ServiceError } from '../../contract/errors.ts';
import { operations } from '../../contract/operations.ts';
import { documentOf, setOf } from '../policies/decision.fixture.ts';
import type { Principal } from '../principal.ts';
import { type AuthorisationParts, authoriser } from './authorise.ts';
import type { CallFacts } from './request-keys.ts';

const account = '123456789012';
const start = `arn:aws:personalize:eu-west-1:${account}:`;
const films = `${start}campaign/films`;
const ann: Principal = { kind: 'user', account, arn: `arn:aws:iam::${account}:user/ann`, name: 'ann', id: 'AIDAANN' };
const root: Principal = { kind: 'root', account, arn: `arn:aws:iam::${account}:root` };
const session: Principal = {
  kind: 'session',
  account,
  arn: `arn:aws:sts::${account}:assumed-role/app/one`,
  role: 'app',
  roleArn: `arn:aws:iam::${account}:role/app`,
  session: 'one',
  id: 'AROAAPP:one',
  issuedAt: Date.UTC(2026, 10, 30, 11),
};

type Given = Partial<CallFacts> & { readonly tags?: Record<string, string>; readonly sessionPolicy?: string };

/** Makes a call with these policies: `allowed`, or why not. */
async function outcome(
  name: keyof typeof operations,
  input: object,
  documents: readonly string[],
  { tags = {}, sessionPolicy, ...facts }: Given = {},
): Promise<string> {
  const principal = facts.principal ?? ann;
  const session = sessionPolicy === undefined ? undefined : setOf(sessionPolicy);
  const parts: AuthorisationParts = {
    rightsOf: () => ({
      policies: principal.kind === 'root' ? undefined : { identity: setOf(...documents), session },
      principalTags: facts.principalTags ?? [],
      principalArn: facts.principalArn ?? principal.arn,
    }),
    identityOf: async () => undefined,
    tagsOf: async (arn) => (arn === films ? Object.entries(tags).map(([key, value]) => ({ key, value })) : []),
    now: () => Date.UTC(2026, 10, 30, 12, 0, 0, 500),
  };
  const defaults = { sourceIp: '203.0.113.7', secure: false, userAgent: 'aws-cli/2', region: 'eu-west-1' };
  const call = { principal, operation: operations[name], input: { ...input }, ...defaults, ...facts };
  try {
    await authoriser(parts)(call);
    return 'allowed';
  } catch (error) {
    if (error instanceof ServiceError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

const everything = documentOf({});
const describe1 = { campaignArn: films };

describe('a call', () => {
  it('is refused in the words of the service, and only allowed by a policy', async () => {
    expect(await outcome('DescribeCampaign', describe1, [everything])).toBe('allowed');
    expect(await outcome('DescribeCampaign', describe1, [])).toBe(
      `AccessDeniedException: User: ${ann.arn} is not authorized to perform: personalize:DescribeCampaign on resource: ` +
        `${films} because no identity-based policy allows the personalize:DescribeCampaign action`,
    );
    const denial = documentOf({ Effect: 'Deny', Action: 'personalize:*Campaign' });
    expect(await outcome('DescribeCampaign', describe1, [everything, denial])).toContain(
      `on resource: ${films} with an explicit deny in an identity-based policy`,
    );
  });

  it('needs every one of its resources', async () => {
    const input = { name: 'new', solutionVersionArn: `${start}solution/films/1` };
    const onCampaign = documentOf({ Action: 'personalize:CreateCampaign', Resource: `${start}campaign/*` });
    const onSolution = documentOf({ Action: 'personalize:CreateCampaign', Resource: `${start}solution/*` });
    expect(await outcome('CreateCampaign', input, [onCampaign, onSolution])).toBe('allowed');
    expect(await outcome('CreateCampaign', input, [onCampaign])).toContain(`on resource: ${start}solution/films/1 `);
    expect(await outcome('CreateCampaign', input, [onSolution])).toContain(`on resource: ${start}campaign/new `);
    const tagged = { ...input, tags: [{ tagKey: 'team', tagValue: 'films' }] };
    expect(await outcome('CreateCampaign', tagged, [onCampaign, onSolution])).toContain(
      `perform: personalize:TagResource on resource: ${start}campaign/new `,
    );
  });

  it('needs to pass the role that it names, to this service', async () => {
    const roleArn = `arn:aws:iam::${account}:role/loader`;
    const input = { name: 'new', roleArn };
    const creating = documentOf({ Action: 'personalize:*' });
    const passing = (service: string) =>
      documentOf({ Action: 'iam:PassRole', Condition: { StringEquals: { 'iam:PassedToService': service } } });
    const asks = (...documents: string[]) => outcome('CreateDatasetGroup', input, [creating, ...documents]);
    expect(await asks(passing('personalize.amazonaws.com'))).toBe('allowed');
    expect(await asks(passing('ec2.amazonaws.com'))).toContain(`perform: iam:PassRole on resource: ${roleArn} `);
    expect(await asks()).toContain('because no identity-based policy allows the iam:PassRole action');
    expect(await outcome('CreateDatasetGroup', { name: 'new' }, [creating])).toBe('allowed');
  });

  it('that lists needs all resources', async () => {
    const some = documentOf({ Resource: `${start}campaign/*` });
    expect(await outcome('ListCampaigns', {}, [some])).toContain('on resource: * ');
    expect(await outcome('ListCampaigns', {}, [everything])).toBe('allowed');
  });

  it('never reaches into another account, not even by its root', async () => {
    const foreign = { campaignArn: films.replace(account, '999999999999') };
    const denied = 'because no resource-based policy allows the personalize:DescribeCampaign action';
    expect(await outcome('DescribeCampaign', foreign, [everything])).toContain(denied);
    expect(await outcome('DescribeCampaign', foreign, [], { principal: root })).toContain(denied);
    const roleArn = 'arn:aws:iam::999999999999:role/loader';
    expect(await outcome('CreateDatasetGroup', { name: 'a', roleArn }, [everything])).toContain('iam:PassRole');
  });

  it('may be about what the service owns', async () => {
    const recipe = { recipeArn: 'arn:aws:personalize:::recipe/aws-sims' };
    expect(await outcome('DescribeRecipe', recipe, [documentOf({ Resource: recipe.recipeArn })])).toBe('allowed');
  });

  it('of the root of an account needs no policy', async () => {
    expect(await outcome('DescribeCampaign', describe1, [], { principal: root })).toBe('allowed');
  });

  it('with temporary credentials needs the session policy, too', async () => {
    const asks = (sessionPolicy: string) =>
      outcome('DescribeCampaign', describe1, [everything], { principal: session, sessionPolicy });
    expect(await asks(everything)).toBe('allowed');
    expect(await asks(documentOf({ Action: 'personalize:List*' }))).toContain(
      `User: ${session.arn} is not authorized to perform: personalize:DescribeCampaign on resource: ${films} ` +
        'because no session policy allows the personalize:DescribeCampaign action',
    );
  });
});

describe('conditions', () => {
  const rows: [what: string, condition: object, given: Given, expected: boolean][] = [
    ['tags of the resource', { StringEquals: { 'aws:ResourceTag/Team': 'films' } }, { tags: { team: 'films' } }, true],
    [
      'other tags of the resource',
      { StringEquals: { 'aws:ResourceTag/team': 'films' } },
      { tags: { team: 'x' } },
      false,
    ],
    ['no tags of the resource', { Null: { 'aws:ResourceTag/team': 'true' } }, {}, true],
    [
      'tags of both',
      { StringEquals: { 'aws:ResourceTag/team': '${aws:PrincipalTag/team}' } },
      { tags: { team: 'films' }, principalTags: [{ key: 'team', value: 'films' }] },
      true,
    ],
    ['the name of the user', { StringEquals: { 'aws:username': 'ann' } }, {}, true],
    ['no name of a session', { Null: { 'aws:username': 'true' } }, { principal: session }, true],
    ['the id of the user', { StringEquals: { 'aws:userid': 'AIDAANN' } }, {}, true],
    ['the id of a session', { StringLike: { 'aws:userid': '*:one' } }, { principal: session }, true],
    ['the type', { StringEquals: { 'aws:PrincipalType': 'User' } }, {}, true],
    ['the type of a session', { StringEquals: { 'aws:PrincipalType': 'AssumedRole' } }, { principal: session }, true],
    ['the account', { StringEquals: { 'aws:PrincipalAccount': account } }, {}, true],
    ['the ARN', { ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:user/ann' } }, {}, true],
    [
      'the ARN of the role of a session',
      { ArnEquals: { 'aws:PrincipalArn': `arn:aws:iam::${account}:role/app` } },
      { principal: session, principalArn: `arn:aws:iam::${account}:role/app` },
      true,
    ],
    ['the region', { StringEquals: { 'aws:RequestedRegion': 'eu-west-1' } }, {}, true],
    ['the address', { IpAddress: { 'aws:SourceIp': '203.0.113.0/24' } }, {}, true],
    [
      'an address in the form of version 6',
      { StringEquals: { 'aws:SourceIp': '10.0.0.1' } },
      { sourceIp: '::ffff:10.0.0.1' },
      true,
    ],
    ['encryption', { Bool: { 'aws:SecureTransport': 'true' } }, {}, false],
    ['encryption that is there', { Bool: { 'aws:SecureTransport': 'true' } }, { secure: true }, true],
    ['the client', { StringLike: { 'aws:UserAgent': 'aws-cli/*' } }, {}, true],
    ['the time', { DateEquals: { 'aws:CurrentTime': '2026-11-30T12:00:00Z' } }, {}, true],
    ['the time in seconds', { NumericEquals: { 'aws:EpochTime': '1796040000' } }, {}, true],
  ];
  it.each(rows)('can ask about %s', async (_what, Condition, given, expected) => {
    const said = await outcome('DescribeCampaign', describe1, [documentOf({ Condition })], given);
    expect(said === 'allowed').toBe(expected);
  });

  it('can ask about the tags that a call adds and removes', async () => {
    const Condition = {
      StringEquals: { 'aws:RequestTag/team': ['films', 'books'] },
      'ForAllValues:StringEquals': { 'aws:TagKeys': ['team', 'stage'] },
    };
    const tagging = (...tags: [string, string][]) =>
      outcome('TagResource', { resourceArn: films, tags: tags.map(([tagKey, tagValue]) => ({ tagKey, tagValue })) }, [
        documentOf({ Condition }),
      ]);
    expect(await tagging(['team', 'films'])).toBe('allowed');
    expect(await tagging(['team', 'films'], ['stage', 'x'])).toBe('allowed');
    expect(await tagging(['team', 'films'], ['cost', 'x'])).toContain('AccessDenied');
    expect(await tagging(['team', 'other'])).toContain('AccessDenied');
    const removing = documentOf({
      Condition: { 'ForAnyValue:StringEquals': { 'aws:TagKeys': 'team' } },
      Effect: 'Deny',
    });
    const untag = (key: string) =>
      outcome('UntagResource', { resourceArn: films, tagKeys: [key] }, [everything, removing]);
    expect(await untag('team')).toContain('explicit deny');
    expect(await untag('stage')).toBe('allowed');
  });
});

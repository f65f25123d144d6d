import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Personalize } from '@aws-sdk/client-personalize';
import { PersonalizeEvents } from '@aws-sdk/client-personalize-events';
import { PersonalizeRuntime } from '@aws-sdk/client-personalize-runtime';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOpenPersonalize, type ServerProcess, startServerProcess } from '../support/server.ts';

const ann = 'arn:aws:iam::000000000000:user/ann';
const start = 'arn:aws:personalize:us-east-1:000000000000:';
const group = `${start}dataset-group/films`;

let home: string;
let server: ServerProcess;
let credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-policies-'));
  server = await startServerProcess({ home, options: ['--auth', 'on'] });
  expect(await access('create-user', 'ann')).toContain('It may do nothing yet');
  const made = await access('create-key', '--user', 'ann');
  const [, accessKeyId = '', secretAccessKey = ''] = /KEY_ID=(\S+)\s+export \S+KEY=(\S+)/.exec(made) ?? [];
  credentials = { accessKeyId, secretAccessKey };
});
afterAll(async () => {
  await server?.[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

/** What `openpersonalize access …` writes. */
async function access(...parameters: readonly string[]): Promise<string> {
  const program = runOpenPersonalize(['access', ...parameters, '--home', home]);
  await new Promise((resolve) => program.process.once('close', resolve));
  return program.output() + program.errors();
}

async function putPolicy(name: string, statement: object): Promise<string> {
  const document = join(home, '..', `${name}.json`);
  await writeFile(document, JSON.stringify({ Version: '2012-10-17', Statement: statement }));
  const said = await access('put-policy', name, '--user', 'ann', '--document', document);
  await rm(document);
  return said;
}

const settings = () => ({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 });
const personalize = () => new Personalize(settings());

const denied = (
  action: string,
  resource: string,
  reason = `because no identity-based policy allows the ${action} action`,
) => ({
  name: 'AccessDeniedException',
  message: `User: ${ann} is not authorized to perform: ${action} on resource: ${resource} ${reason}`,
});

describe('a user', () => {
  it('may do nothing without policies, on any of the services, and learns nothing of what is there', async () => {
    const campaignArn = `${start}campaign/none`;
    const datasetArn = `${start}dataset/none/ITEMS`;
    const calls: [call: Promise<unknown>, status: number, expected: object][] = [
      [personalize().listRecipes({}), 400, denied('personalize:ListRecipes', '*')],
      [personalize().createDatasetGroup({ name: 'films' }), 400, denied('personalize:CreateDatasetGroup', group)],
      [
        new PersonalizeRuntime(settings()).getRecommendations({ campaignArn, userId: '1' }),
        403,
        denied('personalize:GetRecommendations', campaignArn),
      ],
      [
        new PersonalizeEvents(settings()).putItems({ datasetArn, items: [{ itemId: '1' }] }),
        403,
        denied('personalize:PutItems', datasetArn),
      ],
    ];
    for (const [call, httpStatusCode, expected] of calls) {
      await expect(call).rejects.toMatchObject({ ...expected, $metadata: { httpStatusCode } });
    }
  });

  it('may do what its policies allow, from the moment at which it has them', async () => {
    expect(await access('attach-policy', 'AmazonPersonalizeReadOnlyAccess', '--user', 'ann')).toContain(
      'has the policy',
    );
    expect((await personalize().listRecipes({})).recipes?.length).toBeGreaterThan(0);
    await expect(personalize().createDatasetGroup({ name: 'films' })).rejects.toMatchObject(
      denied('personalize:CreateDatasetGroup', group),
    );
    await access('attach-policy', 'AmazonPersonalizeFullAccess', '--user', 'ann');
    const tags = [{ tagKey: 'team', tagValue: 'films' }];
    expect((await personalize().createDatasetGroup({ name: 'films', tags })).datasetGroupArn).toBe(group);
    await expect(personalize().describeCampaign({ campaignArn: `${start}campaign/none` })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    });
  });

  it('is bound by a Deny, by tags of resources, and no more once the policy is gone', async () => {
    const Condition = { StringEquals: { 'aws:ResourceTag/team': 'films' } };
    const deny = { Sid: 'NotFilms', Effect: 'Deny', Action: 'personalize:Describe*', Resource: '*', Condition };
    expect(await putPolicy('hands-off', deny)).toContain('has the policy hands-off');
    await expect(personalize().describeDatasetGroup({ datasetGroupArn: group })).rejects.toMatchObject(
      denied('personalize:DescribeDatasetGroup', group, 'with an explicit deny in an identity-based policy'),
    );
    const explained = await access(
      ...['explain', '--principal', ann, '--action', 'personalize:DescribeDatasetGroup', '--resource', group],
    );
    expect(explained).toContain('with an explicit deny in an identity-based policy');
    expect(explained).toContain('DENY  Deny NotFilms of hands-off (identity-based policy)');
    await access('delete-policy', 'hands-off', '--user', 'ann');
    expect((await personalize().describeDatasetGroup({ datasetGroupArn: group })).datasetGroup?.name).toBe('films');
  });

  it('cannot reach into another account', async () => {
    const foreign = group.replace('000000000000', '111122223333');
    await expect(personalize().describeDatasetGroup({ datasetGroupArn: foreign })).rejects.toMatchObject({
      name: 'AccessDeniedException',
    });
  });
});

it('is told why a document is refused', async () => {
  const said = await putPolicy('wrong', { Effect: 'Allow', Action: 'ListRecipes', Resource: '*' });
  expect(said).toContain('MalformedPolicyDocument: Statement.Action: Actions/Conditions must be prefaced by a vendor');
});

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { calledName } from '../../src/contract/operation.ts';
import { identityOperations } from '../../src/contract/operations.ts';
import { services } from '../../src/contract/service.ts';
import { wireName } from '../../src/edge/query/wire-name.ts';
import { readXml, textOf } from '../../src/edge/s3/xml-reader.ts';
import { type Server, startServer } from '../../src/server.ts';

let home: string;
let server: Server;
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'openpersonalize-identity-wire-'));
  server = await startServer({ home, port: 0, logLevel: 'silent' });
});
afterAll(async () => {
  await server.close();
  await rm(home, { recursive: true });
});

async function call(service: 'iam' | 'sts', form: readonly (readonly [string, string])[]) {
  const scope = `AKIDEXAMPLE/20260101/us-east-1/${service}/aws4_request`;
  const response = await fetch(server.url, {
    method: 'POST',
    headers: {
      authorization: `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host;x-amz-date, Signature=00`,
      'x-amz-date': '20260101T000000Z',
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: form.map((parameter) => parameter.map((text) => encodeURIComponent(text.toWellFormed())).join('=')).join('&'),
  });
  return { status: response.status, root: readXml(await response.text()) };
}

const document = (statement: object) => JSON.stringify({ Version: '2012-10-17', Statement: statement });
const arn = 'arn:aws:iam::000000000000:';

/** Names, documents and the like that operations take, and such as they refuse. */
const texts = [
  ...['loader', 'ann', 'x', '1', 'v1', 'v2', 'films', '', ' ', 'é', 'a/b', '../x', '__proto__', 'x'.repeat(70)],
  ...['/', '/team/', '/team', '//', 'Active', 'Inactive', 'User', 'Role', 'Local', 'AWS', 'AKIAAAAAAAAAAAAAAAAA'],
  ...[`${arn}role/loader`, `${arn}user/ann`, `${arn}policy/films`, `${arn}policy/team/films`, `${arn}root`],
  ...['arn:aws:iam::aws:policy/AmazonS3FullAccess', 'arn:aws:iam::111122223333:policy/films'],
  ...['https://login.example.com', 'http://localhost:1/a', 'login.example.com', 'javascript:alert(1)'],
  document({ Effect: 'Allow', Principal: { Service: 'x' }, Action: 'sts:AssumeRole', Condition: { a: { b: [{}] } } }),
  ...['{', '[]', 'null', '{}', '"', `${'['.repeat(5000)}`, 's3:GetObject', 's3:*', '*', 'aws:SourceIp', 'MQ'],
];

const policy = document({ Effect: 'Allow', Action: 's3:*', Resource: '*' });
const trust = document({
  Effect: 'Allow',
  Principal: { Service: 'personalize.amazonaws.com' },
  Action: 'sts:AssumeRole',
});

/** What is in order, by the last part of a parameter's name. */
const usual: Readonly<Record<string, readonly string[]>> = {
  ...{ RoleName: ['loader'], UserName: ['ann'], PolicyName: ['films'], VersionId: ['v1'], Path: ['/', '/team/'] },
  ...{ PolicyArn: [`${arn}policy/films`, 'arn:aws:iam::aws:policy/AmazonS3FullAccess'], PathPrefix: ['/'] },
  ...{
    PolicyDocument: [policy, trust],
    AssumeRolePolicyDocument: [trust],
    PermissionsBoundary: [`${arn}policy/films`],
  },
  ...{ Url: ['https://login.example.com'], OpenIDConnectProviderArn: [`${arn}oidc-provider/login.example.com`] },
  ...{ PolicySourceArn: [`${arn}role/loader`, `${arn}user/ann`], MaxItems: ['1', '10'], MaxSessionDuration: ['7200'] },
  ...{ Description: ['', 'd'], Key: ['a', 'b'], Value: ['', 'c'] },
};

type Schema = {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: Schema;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
};

type Parameters = readonly (readonly [string, string])[];

/** Parameters that have the form of a schema; their values may break any other rule. */
function parameters({ type, items, properties, required, ...schema }: Schema, name = ''): fc.Arbitrary<Parameters> {
  const inside = (step: string) => (name === '' ? step : `${name}.${step}`);
  if (properties) {
    const members = Object.entries(properties).map(([member, of]) => {
      const given = parameters(of, inside(wireName(member)));
      const isRequired = required?.includes(member);
      return isRequired ? given : fc.oneof({ arbitrary: fc.constant([]), weight: 4 }, given);
    });
    return fc.tuple(...members).map((all) => all.flat());
  }
  if (items) {
    const list = (length: number) =>
      fc.tuple(...Array.from({ length }, (_, index) => parameters(items, inside(`member.${index + 1}`))));
    return fc.oneof(
      fc.constant([[name, ''] as const]),
      ...[1, 3].map((length) => list(length).map((all) => all.flat())),
    );
  }
  const text = schema.enum ? fc.constantFrom(...schema.enum) : fc.constantFrom(...texts);
  const number = fc.oneof(fc.integer({ min: -1, max: 50_000 }), fc.constantFrom(3600, 1e15)).map(String);
  const any = type === 'integer' ? number : type === 'boolean' ? fc.constantFrom('true', 'false') : text;
  const inOrder = usual[name.slice(name.lastIndexOf('.') + 1)];
  const value = inOrder ? fc.oneof({ arbitrary: fc.constantFrom(...inOrder), weight: 8 }, any) : any;
  return value.map((given) => [[name, given] as const]);
}

const calls = Object.values(identityOperations).flatMap((operation) => {
  const { service, input } = operation;
  const version = services[service].query?.version;
  if (version === undefined || (service !== 'iam' && service !== 'sts')) return [];
  const address = [
    ['Action', calledName(operation)],
    ['Version', version],
  ] as const;
  const schema: Schema = JSON.parse(JSON.stringify(input));
  return [parameters(schema).map((given) => ({ service, form: [...address, ...given] }))];
});

it('answers or refuses whatever IAM and STS are asked, and never fails by a defect', async () => {
  const answered = new Set<string>();
  await fc.assert(
    fc.asyncProperty(fc.oneof(...calls), async ({ service, form }) => {
      const { status, root } = await call(service, form);
      expect(status).toBeLessThan(500);
      const action = form[0]?.[1] ?? '';
      expect(root.name).toBe(status === 200 ? `${action}Response` : 'ErrorResponse');
      if (status === 200) answered.add(action);
      else expect(root.children[0] && textOf(root.children[0], 'Code')).toMatch(/^[A-Za-z]+$/);
    }),
    { numRuns: 1500 },
  );
  // The texts are such that much is in order.
  expect(answered.size).toBeGreaterThan(25);
});

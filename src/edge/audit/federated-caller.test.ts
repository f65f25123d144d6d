import { expect, it } from 'vitest';
import { identityJson } from '../../access/audit/user-identity.ts';
import { federatedCaller } from './federated-caller.ts';

const roleArn = 'arn:aws:iam::111122223333:role/team/web';
const input = { roleArn, roleSessionName: 'one', webIdentityToken: 'token' };
const provider = 'arn:aws:iam::111122223333:oidc-provider/login.example.com';
const caller = { account: '000000000000', requestId: 'id' };

it('of a call with the token of an issuer is the person whom that names, in the account of the role', () => {
  const output = { provider, audience: 'app', subjectFromWebIdentityToken: 'ada' };
  const found = federatedCaller(caller, { input, output });
  expect(found.account).toBe('111122223333');
  expect(JSON.parse(identityJson(found))).toEqual({
    type: 'WebIdentityUser',
    principalId: `${provider}:app:ada`,
    userName: 'ada',
    identityProvider: provider,
  });
});

it('of a call whose token nobody has verified is unknown', () => {
  const found = federatedCaller(caller, { input });
  expect(JSON.parse(identityJson(found))).toEqual({ type: 'Unknown', accountId: '111122223333' });
  expect(federatedCaller(caller, {}).account).toBeUndefined();
});
